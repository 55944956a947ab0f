"""What deploy/container says is what this version knows, and no secret. It is asked without Docker."""

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from instroom.config.file_server import file_server
from instroom.doors.cli.command_loader import Commands

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "deploy" / "container"
TEXT = (FOLDER / "compose.yaml").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "how-to" / "run-in-containers.md").read_text(encoding="utf-8")
SERVICES: dict[str, Any] = yaml.safe_load(TEXT)["services"]
OURS = {name: service for name, service in SERVICES.items() if "INSTROOM_IMAGE" in service["image"]}
KNOWN = set(re.findall(r"`(INSTROOM_[A-Z_]+)`", (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")))
VARIABLE = re.compile(r"\$\{(\w+)(:[-?])?([^}]*)\}")


def test_each_service_is_shut_in() -> None:
    for name, service in SERVICES.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["stop_grace_period"].endswith("s"), f"Podman's API kills {name} at once"
        assert service["restart"] == ("no" if name == "init" else "unless-stopped"), name
    assert [name for name, service in OURS.items() if service.get("cap_add") or service.get("privileged")] == []


def test_ours_are_commands_with_settings_that_exist() -> None:
    assert set(OURS) == {"init", "web", "worker", "ftp"}
    commands = Commands(name="instroom")
    for name, service in OURS.items():
        assert service["command"] == [name]
        assert commands.get_command(None, name) is not None  # type: ignore[arg-type]
        assert set(service["environment"]) <= KNOWN
    image = re.findall(r"(INSTROOM_\w+)=", (FOLDER / "Dockerfile").read_text(encoding="utf-8"))
    assert image
    assert set(image) <= KNOWN


def test_each_waits_for_what_it_needs() -> None:
    for name in ("web", "worker", "ftp"):
        waits = OURS[name]["depends_on"]
        assert waits["init"] == {"condition": "service_completed_successfully"}
        assert waits["database"] == {"condition": "service_healthy"}
    with_health = {name for name, service in SERVICES.items() if "test" in service.get("healthcheck", {})}
    waited_for = {
        one
        for service in SERVICES.values()
        for one, how in service.get("depends_on", {}).items()
        if how["condition"] == "service_healthy"
    }
    assert waited_for <= with_health


def test_secrets_come_from_the_file_that_the_page_makes() -> None:
    needed = {name for name, how, _ in VARIABLE.findall(TEXT) if how == ":?"}
    assert set(re.findall(r"^\$ echo (\w+)=", PAGE, re.MULTILINE)) == needed
    secrets = {"POSTGRES_PASSWORD", "INSTROOM_DATABASE_PASSWORD", "INSTROOM_SECRET_KEYS"}
    assert {name for name in secrets if re.search(rf"{name}: +[^$\s]", TEXT)} == set()
    assert secrets < needed
    assert "instroom:${INSTROOM_DATABASE_PASSWORD" in OURS["web"]["environment"]["INSTROOM_DATABASE_URL"]


def test_the_file_server_is_published_where_it_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Suppliers are told the ports on which it listens."""
    settings = OURS["ftp"]["environment"]
    for name in settings.keys() & {"INSTROOM_FTP_PORT", "INSTROOM_FTPES_PORT", "INSTROOM_FTPS_PORT"}:
        monkeypatch.setitem(os.environ, name, settings[name])
    server = file_server()
    ports = {str(one.wished) for one in server.ports.values()}
    data = f"{server.passive.start}-{server.passive.stop - 1}"
    assert set(OURS["ftp"]["ports"]) == {f"{one}:{one}" for one in (*ports, data)}
    assert [port for port in ports if int(port) < 1024] == [] or "sysctls" in OURS["ftp"]


def test_the_proxy_is_the_one_that_is_trusted() -> None:
    address = SERVICES["proxy"]["networks"]["default"]["ipv4_address"]
    assert OURS["web"]["environment"]["INSTROOM_PROXY"] == address
    caddyfile = (ROOT / "deploy" / "caddy" / "Caddyfile").read_text(encoding="utf-8")
    asked = set(re.findall(r"\{\$(\w+)", caddyfile))
    assert asked == set(SERVICES["proxy"]["environment"])
    assert SERVICES["proxy"]["environment"]["INSTROOM_WEB"] == "web:8000"
    for source in [volume.split(":")[0] for volume in SERVICES["proxy"]["volumes"]]:
        assert not source.startswith(".") or (FOLDER / source).resolve().exists()


def test_pg_dump_of_the_image_is_as_new_as_its_server() -> None:
    """Of an older version it refuses."""
    dockerfile = (FOLDER / "Dockerfile").read_text(encoding="utf-8")
    (debian,) = re.findall(r"^ARG BASE=\S+/debian:(\w+)-slim$", dockerfile, re.MULTILINE)
    assert f"postgres:{ {'bookworm': 15, 'trixie': 17}[debian] }-{debian}}}" in SERVICES["database"]["image"]


def test_the_image_is_labelled_with_version_and_commit(tmp_path: Path) -> None:
    docker = tmp_path / "docker"
    docker.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    docker.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        [FOLDER / "build", "--no-cache"], env=os.environ | {"PATH": path}, capture_output=True, text=True, check=True
    )
    words = done.stdout.splitlines()
    assert words[-2:] == ["--no-cache", "."]
    labels = dict(word.removeprefix("org.opencontainers.image.").split("=", 1) for word in words if "=" in word)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert labels["version"] == project["version"]
    assert re.fullmatch(r"[0-9a-f]{40}(-dirty)?", labels["revision"])
