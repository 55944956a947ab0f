"""A flood of failing sign-ins at a real file server is a few lines of the log, which say how many there were."""

import ftplib
import re
import signal
import subprocess
from pathlib import Path

import pytest
from tests.doors.ftp.ftp_server import HOST, add_account
from tests.serving import INSTROOM
from tests.waiting import until

from instroom.flow.operations.init import DEMO_USERS, add_customer

TRIES = 60


@pytest.mark.slow
def test_a_flood_of_failing_sign_ins_is_a_few_lines(tmp_path: Path) -> None:
    add_customer("demo", "Demo", DEMO_USERS)
    add_account("oud", plain_ftp=True)
    log = tmp_path / "log"
    with log.open("wb") as said:
        process = subprocess.Popen([INSTROOM, "ftp"], stderr=said)
    until(lambda: "FTP 127.0.0.1:" in log.read_text())
    port = int(re.findall(r"FTP 127.0.0.1:(\d+)", log.read_text())[0])
    answers = [answer_to_wrong_password(port) for _ in range(TRIES)]
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    lines = [line for line in log.read_text().splitlines() if f"{HOST}: " in line]
    more = [int(count) for count in re.findall(r"\((\d+) more in \d+ seconds\)$", log.read_text(), re.MULTILINE)]
    assert {answer[:3] for answer in answers} == {"530", "421"}
    assert len(lines) < 10
    assert sum(not re.search(r" more in ", line) for line in lines) + sum(more) == TRIES


def answer_to_wrong_password(port: int) -> str:
    with ftplib.FTP(timeout=60) as client:  # noqa: S321
        client.connect(HOST, port)
        with pytest.raises(ftplib.Error) as refused:
            client.login("oud", "niet het woord")
    return str(refused.value)
