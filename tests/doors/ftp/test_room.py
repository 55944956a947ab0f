"""An upload for which there is no room gets 552, before it is sent or while it is."""

import ftplib
import io
from collections.abc import Callable

import pytest
from tests.doors.ftp.ftp_server import FtpServer, put
from tests.waiting import until

from instroom.flow import find
from instroom.flow.delivery import room
from instroom.store.models import Customer, Delivery, FailedAttempt

QUOTA = 5_000


def test_over_the_quota_of_the_customer(server: FtpServer) -> None:
    Customer.objects.update(quota=QUOTA)
    client = server.sign_in("ftpes")
    with pytest.raises(ftplib.error_perm, match="552 There is no room"):
        put(client, b"x" * (QUOTA + 1), "te-groot.csv")
    put(client, b"x" * QUOTA, "personen.csv")
    until(lambda: Delivery.objects.exists())
    for command in ("STOR a.csv", "STOU", "APPE a.csv"):
        with pytest.raises(ftplib.error_perm, match="552 "):
            client.storbinary(command, io.BytesIO(b"x"))
    assert Delivery.objects.get().bytes == QUOTA
    until(lambda: FailedAttempt.objects.filter(cause="customer-full").exists())


def test_a_full_disk(start: Callable[..., FtpServer]) -> None:
    client = start(free=1 << 62).sign_in("ftpes")
    with pytest.raises(ftplib.error_perm, match="552 The disk is full"):
        put(client, b"x")
    assert not Delivery.objects.exists()


def test_a_long_queue(server: FtpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_WAITING", 0)
    with pytest.raises(ftplib.error_temp, match="450 "):
        put(server.sign_in("ftpes"), b"x")
    assert room.usage_of(find.customer("demo")).used == 0
