"""Each setting of a site is judged at the start: what it cannot be is said, in both languages, with what it can be."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from ipaddress import ip_network
from pathlib import Path

import pytest

from instroom.config.database import postgresql
from instroom.config.file_server import file_server
from instroom.config.file_store import S3Place, files_place, s3_credentials
from instroom.config.listening import http, proxies, site_url
from instroom.config.mailing import mail_server, sender
from instroom.config.numbers import whole_number_between
from instroom.config.secret import add, chosen_keys, drop_older, keep, secret_keys
from instroom.core.errors import SettingsError

INSTROOM = str(Path(sys.executable).with_name("instroom"))


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("", ""),
        ("https://instroom.voorbeeld.example", "https://instroom.voorbeeld.example"),
        ("https://Instroom.Voorbeeld.example/", "https://instroom.voorbeeld.example"),
        (" HTTPS://instroom.voorbeeld.example:443/ ", "https://instroom.voorbeeld.example"),
        ("http://10.0.0.7:8000", "http://10.0.0.7:8000"),
        ("http://[2001:db8::7]:8000/", "http://[2001:db8::7]:8000"),
        ("http://localhost", "http://localhost"),
    ],
)
def test_the_address_of_the_site(text: str, url: str) -> None:
    assert site_url(text) == url


@pytest.mark.parametrize(
    "text",
    [
        *("instroom.voorbeeld.example", "instroom", "//instroom.voorbeeld.example", "ftp://instroom.voorbeeld.example"),
        *("https://voorbeeld.example/instroom", "https://voorbeeld.example/instroom/", "https://", "https:///x"),
        *("https://jan@voorbeeld.example", "https://voorbeeld.example?x=1", "https://voorbeeld.example#x"),
        *("https://voorbeeld.example:99999", "https://voorbeeld.example:poort", "https://[voorbeeld", "https://a b"),
        *("https://*.voorbeeld.example", "https://voorbeeld..example", "localhost:8000"),
    ],
)
def test_what_is_no_address_of_a_site(text: str) -> None:
    with pytest.raises(SettingsError) as refused:
        site_url(text)
    assert refused.value.code == "setting-url"


def test_the_first_secret_key_writes_and_all_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first, second, third = ("abcdefgh" * 4 + number for number in "123")
    monkeypatch.setenv("INSTROOM_SECRET_KEYS", f"{first}, {second}")
    monkeypatch.setenv("INSTROOM_SECRET_KEY", third)
    assert secret_keys(tmp_path) == [first, second, third]
    assert not add(tmp_path)  # they are set: whoever did that adds one

    for name in ("INSTROOM_SECRET_KEYS", "INSTROOM_SECRET_KEY"):
        monkeypatch.delenv(name)
    [made] = secret_keys(tmp_path)
    assert not keep(tmp_path, first)
    assert secret_keys(tmp_path) == [made]
    for _ in range(2):
        before = secret_keys(tmp_path)
        assert add(tmp_path)
        assert secret_keys(tmp_path)[1:] == before
    drop_older(tmp_path)
    assert secret_keys(tmp_path)[1:] == before[:1]
    assert [(one.name, one.stat().st_mode & 0o777) for one in tmp_path.iterdir()] == [("secret-key", 0o600)]


def test_a_secret_key_that_is_lost_is_said_and_not_replaced(tmp_path: Path) -> None:
    """Another one would open nothing, and what it encrypts would be lost once the right one is back."""
    home, file = tmp_path / "new", str(tmp_path / "e.csv")
    site = {**os.environ, "DJANGO_SETTINGS_MODULE": "instroom.config.settings", "INSTROOM_HOME": str(home)}
    for name in ("INSTROOM_SECRET_KEYS", "INSTROOM_SECRET_KEY", "INSTROOM_DATABASE_URL"):
        site.pop(name, None)

    def run(*words: str) -> tuple[int, str]:
        command = [INSTROOM, *words, "--lang", "en"]
        ran = subprocess.run(command, env=site, capture_output=True, text=True, timeout=600, check=False)
        return ran.returncode, ran.stderr

    assert [run(*words)[0] for words in (("init", "--demo"), ("template", "--example", "-o", file))] == [0, 0]
    (home / "secret-key").rename(tmp_path / "kept")
    for words in (("init",), ("deliver", file)):
        code, said = run(*words)
        assert (code, said.partition(".")[0]) == (2, "None of this site's secret keys opens its data")
    assert secret_keys(home) == []
    (tmp_path / "kept").rename(home / "secret-key")
    assert run("deliver", file)[0] == 0


def test_a_secret_key_that_can_be_guessed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    good = "abcdefgh" * 4
    for name, text in [
        ("INSTROOM_SECRET_KEY", "geheim"),
        ("INSTROOM_SECRET_KEY", "x" * 64),
        ("INSTROOM_SECRET_KEYS", f"{good},geheim"),
    ]:
        monkeypatch.setenv("INSTROOM_SECRET_KEYS", good)
        monkeypatch.setenv(name, text)
        with pytest.raises(SettingsError) as refused:
            chosen_keys()
        assert refused.value.sentence("en").startswith(f"{name}: choose a random text of at least 32")


def test_proxies_are_addresses_and_networks() -> None:
    assert proxies("X", "") == proxies("X", "none") == ()
    assert proxies("X", "127.0.0.1, 10.0.0.0/24,::1") == tuple(
        map(ip_network, ("127.0.0.1/32", "10.0.0.0/24", "::1/128"))
    )


def test_where_files_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (files_place(""), files_place("/mnt/instroom")) == (None, Path("/mnt/instroom"))
    endpoint = "http://s3.voorbeeld.example:9000"
    assert files_place("s3://een-bucket") == S3Place("een-bucket", "", None, None)
    own = S3Place("een-bucket", "a/b/", endpoint, "eu-west-1")
    assert files_place(f"s3://een-bucket/a/b/?region=eu-west-1&endpoint={endpoint}") == own
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"instroom\[s3\]"):
        files_place("s3://een-bucket")


Judge = Callable[[str], object]


@pytest.mark.parametrize(
    ("judge", "code", "texts"),
    [
        (partial(proxies, "X"), "setting-networks", ["proxy.voorbeeld.example", "*", "10.0.0.1/24", "127.0.0.1:80"]),
        (
            lambda text: whole_number_between("X", text, 90, 1, 366),
            "setting-between",
            ["0", "367", "-1", "1.5", "٣", "9" * 5000],
        ),
        (sender, "setting-mail-from", ["Instroom", "instroom@", "Jan jan@voorbeeld.example", "a@b\r\nBcc: c@d"]),
        (lambda text: postgresql(f"postgresql://h/x?lock_timeout={text}"), "setting-between", ["60s", "-1", "86401"]),
        (
            files_place,
            "setting-files",
            ["s3://", "s3://Bucket", "s3://a.bucket/x y", "s3://bucket?endpoint=host:9000", "s3://bucket?acl=public",
             "s3://key:secret@bucket", "s3://[bucket", "https://host/bucket", "s3://bucket/../x", "s3://bucket/x#y",
             "s3://bucket?endpoint=http://min_io.local:9000", "s3://bucket?endpoint=http://host:poort",
             "s3://bucket?endpoint=http://host:99999", "s3://bucket?endpoint=https://key:secret@host",
             "s3://bucket?region=eu west"],
        ),
        (lambda text: s3_credentials(text, ""), "setting-s3-key", ["key"]),
        (postgresql, "setting-database", ["postgresql://h:poort/x", "postgresql://[h/x", "mysql://h/x", "postgresql://h"]),
        (mail_server, "setting-smtp", ["mail", "smtp://h:poort", "smtp://[h", "smtps://h/x", "smtp://a:b@h", "http://h"]),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)  # fmt: skip
def test_what_cannot_be(judge: Judge, code: str, texts: list[str]) -> None:
    for text in texts:
        with pytest.raises(SettingsError) as refused:
            judge(text)
        assert refused.value.code == code, text
        assert refused.value.sentence("nl") != refused.value.sentence("en")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("INSTROOM_FTP_CONNECTIONS", text) for text in ("0", "1.5", "veel", "-1", "nan", "1e12")),
        *(("INSTROOM_FTP_PER_ADDRESS", text) for text in ("0", "x")),
        *((f"INSTROOM_FTP_{name}", text) for name in ("IDLE", "STALL", "PATIENCE", "RESUME") for text in ("-1", "inf")),
        *((f"INSTROOM_FTP_{name}_MB", text) for name in ("FILE", "QUOTA", "FREE") for text in ("-1", "64MB", "nan")),
        *((f"INSTROOM_{name}_PORT", text) for name in ("FTP", "FTPES", "FTPS") for text in ("70000", "x", "-1", "on")),
        *(("INSTROOM_FTP_PORT", text) for text in ("٣", "9" * 5000)),
        *(("INSTROOM_FTP_PASSIVE", text) for text in ("2010-2000", "0-5", "x", "2000-70000", f"1-{'9' * 5000}")),
        *(("INSTROOM_FTP_HOST", text) for text in ("niets.voorbeeld.invalid", "ftp://x", "1.2.3.4.5")),
        *(("INSTROOM_FTP_MASQUERADE", text) for text in ("niets.voorbeeld.invalid", "::1")),
        *(("INSTROOM_FTP_PROXY", text) for text in ("balancer.voorbeeld.example", "10.0.0.1/24")),
        *(("INSTROOM_FTP_ACTIVE", text) for text in ("yes", "0")),
        ("INSTROOM_FTP_KEY", "sleutel.pem"),
    ],
)  # fmt: skip
def test_what_a_file_server_cannot_be(monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(SettingsError) as refused:
        file_server()
    for lang in ("nl", "en"):
        assert name in refused.value.sentence(lang)


@pytest.mark.parametrize(
    "text",
    ["8000", ":8000", "127.0.0.1", "127.0.0.1:x", "niets.voorbeeld.invalid:80", "127.0.0.1:70000", "h:" + "9" * 5000],
)
def test_where_the_pages_cannot_listen(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("INSTROOM_HTTP", text)
    with pytest.raises(SettingsError) as refused:
        http()
    assert refused.value.code == "setting-http"


@pytest.mark.parametrize(
    ("proxy", "starts"), [("", False), (" ", False), (",", False), ("none", True), ("127.0.0.1", True)]
)
@pytest.mark.parametrize("scheme", ["https", "HTTPS"])
def test_an_https_address_needs_a_proxy(monkeypatch: pytest.MonkeyPatch, scheme: str, proxy: str, starts: bool) -> None:
    monkeypatch.setenv("INSTROOM_URL", f"{scheme}://instroom.voorbeeld.example")
    monkeypatch.setenv("INSTROOM_PROXY", proxy)
    with (
        nullcontext()
        if starts
        else pytest.raises(SettingsError, match=r"a proxy brings the TLS|een proxy verzorgt de TLS")
    ):
        http()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("INSTROOM_URL", "https://voorbeeld.example/instroom"),
        ("INSTROOM_PROXY", "proxy.voorbeeld.example"),
        ("INSTROOM_SECRET_KEY", "geheim"),
        ("INSTROOM_MAIL_FROM", "Instroom"),
        ("INSTROOM_FTP_NAME", "ftp.voorbeeld.example:21"),
    ],
)
@pytest.mark.parametrize("lang", ["nl", pytest.param("en", marks=pytest.mark.slow)])
def test_the_site_does_not_start_and_says_why(name: str, text: str, lang: str) -> None:
    site = {**os.environ, "DJANGO_SETTINGS_MODULE": "instroom.config.settings", name: text}
    command = [INSTROOM, "web", "--lang", lang]
    ran = subprocess.run(command, env=site, capture_output=True, text=True, timeout=600, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"{name}: ")
    assert ran.stderr.count("\n") == 1
