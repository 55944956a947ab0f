"""The delay between an upload and its answer: `answers PORT PASSWORD ACCOUNT FILE TIMES`, beside `instroom serve`, in
the store of this process. Each upload has another name, so that each answer is a new one."""

import ftplib
import json
import ssl
import sys
import time
from pathlib import Path

from instroom.config import setup

setup()

from instroom.config.file_server import file_server  # noqa: E402 (Django is loaded above)
from instroom.flow.file_server.accounts import account as account_of  # noqa: E402
from instroom.store.files.uploads import AccountFolders  # noqa: E402
from instroom.store.models import AuditEntry, Delivery  # noqa: E402

_HOST = "127.0.0.1"
_SECONDS = 60.0


def main(port: str, password: str, account: str, file: str, times: str) -> None:
    """Print when each check began, and when each answer was written, in seconds after the 226."""
    folder = AccountFolders(file_server().folder, account_of(account).pk.hex).folder
    checked, answered = [], []
    for number in range(int(times)):
        name = f"personen{number}.csv"
        end = put(int(port), password, account, Path(file), name)
        answered.append(written(folder / f"{name}.rapport.json") - end)
        checked.append(check_began(Delivery.objects.get(file_name=name)) - end)
    print(json.dumps({"seconds": sum(answered), "checked": sorted(checked), "answered": sorted(answered)}))


def put(port: int, password: str, account: str, file: Path, name: str) -> float:
    """Upload over FTPES, and return the moment of the 226."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    client = ftplib.FTP_TLS(timeout=60, context=context)  # noqa: S321
    client.connect(_HOST, port)
    client.login(account, password)
    client.prot_p()
    with file.open("rb") as stream:
        client.storbinary(f"STOR {name}", stream)
    end = time.time()
    client.quit()
    return end


def written(answer: Path) -> float:
    """Wait for an answer, and return the moment at which it was written."""
    deadline = time.monotonic() + _SECONDS
    while not answer.exists():
        assert time.monotonic() < deadline, f"no answer: {answer}"
        time.sleep(0.01)
    return answer.stat().st_mtime


def check_began(delivery: Delivery) -> float:
    """The moment at which its check ended, less the check's duration."""
    ended = AuditEntry.objects.get(delivery=delivery, action="training")
    return ended.at.timestamp() - float(delivery.step_seconds["checking"])


if __name__ == "__main__":
    main(*sys.argv[1:])
