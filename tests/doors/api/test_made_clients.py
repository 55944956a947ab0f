"""Clients that the usual tools make of the OpenAPI document work: openapi-python-client, and openapi-generator."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.doors.api.programs import token_of
from tests.doors.web.web_customer import ANNA, COMPANY, WebCustomer
from tests.serving import serving

from instroom.doors.api.openapi import document_text
from instroom.flow.delivery.advance import advance_all

pytestmark = pytest.mark.slow

BIN = Path(sys.executable).parent
PROGRAMS = Path(__file__).parent / "made_clients"
MAKE = {
    "openapi_python_client": "openapi-python-client generate --fail-on-warning --meta none --path {document}"
    " --output-path {folder}/made_client",
    "openapi_generator": "openapi-generator-cli generate -g python --package-name made_client -i {document}"
    " -o {folder}",
}
PATH = f"{BIN}{os.pathsep}{os.environ['PATH']}"


def make_client(tool: str, folder: Path) -> None:
    """The client, as `made_client` in the folder."""
    document = folder / "openapi.json"
    document.write_text(document_text(), encoding="utf-8")
    line = [part.format(document=document, folder=folder) for part in MAKE[tool].split()]
    made = subprocess.run(
        [BIN / line[0], *line[1:]],
        env=os.environ | {"PATH": PATH},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr


@pytest.mark.parametrize("tool", MAKE)
def test_a_made_client_delivers_polls_approves_and_changes(tool: str, customer: WebCustomer, tmp_path: Path) -> None:
    make_client(tool, tmp_path)
    file = customer.file(ANNA | COMPANY, name="personen.csv")
    with serving("web", quiet=True) as address:
        line = [sys.executable, PROGRAMS / f"{tool}.py", address, token_of(customer, "operator"), file]
        environment = os.environ | {"PYTHONPATH": str(tmp_path)}
        with subprocess.Popen(line, env=environment, stderr=subprocess.PIPE, text=True) as program:
            while program.poll() is None:
                advance_all()
            assert program.returncode == 0, program.stderr and program.stderr.read()
