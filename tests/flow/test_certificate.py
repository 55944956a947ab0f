"""The certificate that the file server makes for itself."""

import ssl
from pathlib import Path
from threading import Thread

import pytest

from instroom.flow.file_server import certificate

pytestmark = pytest.mark.unstored


def test_servers_that_start_at_once_make_one_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Thread(target=certificate.own_certificate, args=[tmp_path])
    write = certificate._write

    def start_other_and_write(target: Path, text: bytes) -> None:
        write(target, text)
        if not other.ident:
            other.start()
            other.join(0.05)

    monkeypatch.setattr(certificate, "_write", start_other_and_write)
    made = certificate.own_certificate(tmp_path)
    other.join()
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(made.certificate, made.key)  # fails unless they match
