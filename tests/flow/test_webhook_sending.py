"""A call goes out after the commit, signed, once; and again where that did not work (product.md E4)."""

import json
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Event, Thread, Timer

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test import override_settings
from django.utils import timezone
from tests.contracts.customer import SampleCustomer, person
from tests.receiver import Receiver
from tests.receiver import receiver as another_receiver
from tests.waiting import until

from instroom.config.listening import networks
from instroom.core.errors import NotAllowed, SettingsError
from instroom.doors.worker.loop import work_until
from instroom.flow import find
from instroom.flow.file_server.certificate import own_certificate
from instroom.flow.news import events
from instroom.flow.operations.cleaning import clean
from instroom.flow.throttle import WEBHOOK_CALLS, TooOften
from instroom.flow.webhooks import calls, manage, posting, sending
from instroom.flow.webhooks.sending import send_due
from instroom.store.ids import first_id_at
from instroom.store.models import AttemptCounter, AuditEntry, Mail, User, Webhook, WebhookAttempt, WebhookCall

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def customer() -> SampleCustomer:
    """A customer whose operator has an address."""
    made = SampleCustomer()
    User.objects.filter(username="operator").update(email="operator@voorbeeld.example")
    return made


def hook(customer: SampleCustomer, receiver: Receiver, name: str = "adm") -> manage.WebhookWithSecret:
    """A webhook that leads to the receiver."""
    return manage.add(name, customer.record, by=find.user("operator"), address=receiver.address)


def ping(made: manage.WebhookWithSecret) -> WebhookCall:
    """A call for it."""
    return calls.try_out(made.webhook, by=find.user("operator"))


def with_old_protocols(context: ssl.SSLContext) -> ssl.SSLContext:
    """The context, as lax as OpenSSL can be."""
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
    return context


def pass_by(time: timedelta) -> None:
    """Let so much time pass: all that was noted and is due is so much earlier."""
    WebhookCall.objects.update(due_at=F("due_at") - time, made_at=F("made_at") - time, asked_at=F("asked_at") - time)
    Webhook.objects.update(rests_until=F("rests_until") - time)


def due_in(call: WebhookCall) -> float:
    """Seconds until it is tried again."""
    call.refresh_from_db()
    return (call.due_at - timezone.now()).total_seconds()


def log(call: WebhookCall) -> list[int | str]:
    """What came of each attempt."""
    return [one.status or one.failure for one in call.log.order_by("pk")]


@pytest.mark.on_postgresql
def test_a_call_goes_out_once_and_signed(customer: SampleCustomer, receiver: Receiver) -> None:
    made = hook(customer, receiver)
    call, before = ping(made), int(time.time())
    assert (send_due(), send_due()) == (1, 0)
    (got,) = receiver.calls
    assert got.is_signed_with(made.secret)
    assert not got.is_signed_with("whsec_bmlldA==")
    assert (got.path, got.headers["content-type"]) == ("/hook?key=of-theirs", "application/json")
    assert got.headers["webhook-id"] == str(call.pk) == json.loads(got.body)["id"]
    assert before <= int(got.headers["webhook-timestamp"]) <= time.time()
    assert json.loads(got.body)["type"] == "ping"
    call.refresh_from_db()
    assert (calls.state_of(call), log(call)) == ("delivered", [204])


@pytest.mark.on_postgresql
def test_what_is_not_committed_is_not_sent(customer: SampleCustomer, receiver: Receiver) -> None:
    class ChangedMind(Exception):
        pass

    made = hook(customer, receiver)
    with pytest.raises(ChangedMind), transaction.atomic():
        ping(made)
        raise ChangedMind
    assert (send_due(), receiver.calls) == (0, [])


@pytest.mark.on_postgresql
def test_two_workers_send_each_call_once(customer: SampleCustomer, receiver: Receiver) -> None:
    made = hook(customer, receiver)
    for _ in range(15):
        events.write(made.webhook, events.PING, {})
    ready = Barrier(2)

    def work() -> None:
        ready.wait()
        send_due()
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    ids = [got.headers["webhook-id"] for got in receiver.calls]
    assert (len(ids), len(set(ids))) == (15, 15)


def test_a_worker_that_died_while_sending_leaves_a_call_that_is_known_again(
    customer: SampleCustomer, receiver: Receiver
) -> None:
    made = hook(customer, receiver)
    call = ping(made)
    assert sending._claim(made.webhook, call)
    assert send_due() == 0  # it may still be at it
    pass_by(timedelta(minutes=3))
    assert send_due() == 1
    assert receiver.calls[0].headers["webhook-id"] == str(call.pk)


@pytest.mark.on_postgresql
def test_a_worker_that_is_killed_while_it_sends_is_taken_over(customer: SampleCustomer, receiver: Receiver) -> None:
    """For real: whether the receiver had it is not known, so it comes again, and is known by its id."""
    call = ping(hook(customer, receiver))
    receiver.hold.clear()
    command = [str(Path(sys.executable).with_name("instroom")), "worker"]
    with subprocess.Popen(command, env={**os.environ, "INSTROOM_WEBHOOK_PRIVATE": "127.0.0.1"}) as worker:
        until(lambda: bool(receiver.calls))
        worker.kill()
    receiver.hold.set()
    call.refresh_from_db()
    assert (call.attempts, calls.state_of(call), log(call), send_due()) == (1, "waiting", [], 0)
    pass_by(timedelta(minutes=3))
    assert send_due() == 1
    assert [got.headers["webhook-id"] for got in receiver.calls] == [str(call.pk)] * 2


def test_it_is_tried_again_for_three_days_and_given_up_in_the_end(customer: SampleCustomer, receiver: Receiver) -> None:
    call = ping(hook(customer, receiver))
    receiver.status = 500
    waits: list[float] = []
    for _ in range(sending.MOST_ATTEMPTS):
        assert send_due() == 0
        waits.append(due_in(call))
        assert send_due() == 0  # not before its time
        pass_by(timedelta(seconds=waits[-1] + 1))
    for waited, least in zip(waits, sending.WAITS, strict=False):
        assert least.total_seconds() - 5 <= waited <= 1.2 * least.total_seconds()
    assert timedelta(days=3) < sum(sending.WAITS, timedelta()) < 1.2 * sum(sending.WAITS, timedelta()) < sending.STALE
    call.refresh_from_db()
    assert (calls.state_of(call), log(call)) == ("given-up", [500] * 10)
    assert len({got.headers["webhook-id"] for got in receiver.calls}) == 1
    (mail,) = Mail.objects.all()
    assert (mail.kind, mail.to) == ("webhook-given-up", "operator@voorbeeld.example")
    assert "of-theirs" not in mail.text
    receiver.status = 204
    assert send_due() == 0


def test_each_attempt_is_signed_anew(customer: SampleCustomer, receiver: Receiver) -> None:
    made = hook(customer, receiver)
    call = ping(made)
    receiver.status = 503
    send_due()
    WebhookCall.objects.update(due_at=timezone.now())
    Webhook.objects.update(rests_until=None)
    (first,) = receiver.calls
    until(lambda: time.time() >= int(first.headers["webhook-timestamp"]) + 1)
    receiver.status = 204
    assert send_due() == 1
    second = receiver.calls[1]
    assert int(second.headers["webhook-timestamp"]) > int(first.headers["webhook-timestamp"])
    assert first.body == second.body
    assert second.is_signed_with(made.secret)
    assert log(call) == [503, 204]


def test_a_second_call_that_is_given_up_the_same_day_is_not_told_again(
    customer: SampleCustomer, receiver: Receiver
) -> None:
    made = hook(customer, receiver)
    ping(made)
    ping(made)
    receiver.status = 404  # of the call: no rest
    for day in range(2):
        WebhookCall.objects.update(attempts=9, due_at=timezone.now(), given_up_at=None)
        send_due()
        assert WebhookCall.objects.filter(given_up_at__isnull=False).count() == 2
        assert Mail.objects.count() == day + 1
        Mail.objects.update(once=None)  # as if it were tomorrow


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("120", 115, 120),
        ("5", 50, 72),
        ("999999", 86_390, 86_400),
        ("nonsense", 50, 72),
        ("", 50, 72),
        ("date", 590, 600),
    ],
)
def test_a_receiver_may_ask_for_time(
    customer: SampleCustomer, receiver: Receiver, asked: str, least: int, most: int
) -> None:
    call = ping(hook(customer, receiver))
    then = timezone.now().astimezone(tz=datetime.now().astimezone().tzinfo) + timedelta(seconds=600)
    date = then.astimezone(timezone.get_fixed_timezone(0)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    receiver.status, receiver.extra = 429, {"Retry-After": date if asked == "date" else asked}
    send_due()
    assert least <= due_in(call) <= most
    rests = Webhook.objects.get().rests_until
    assert rests is not None
    assert rests >= min(call.due_at, timezone.now() + timedelta(seconds=50))


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 408, 413, 429, 500, 502, 503])
def test_no_other_answer_is_a_yes(customer: SampleCustomer, receiver: Receiver, status: int) -> None:
    """Nor is a redirect followed: not to a place that was not judged."""
    call = ping(hook(customer, receiver))
    with another_receiver() as elsewhere:
        receiver.status, receiver.extra = status, {"Location": elsewhere.address}
        assert send_due() == 0
        assert elsewhere.calls == []
    call.refresh_from_db()
    assert (calls.state_of(call), log(call)) == ("waiting", [status])


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_two_hundred_is_a_yes(customer: SampleCustomer, receiver: Receiver, status: int) -> None:
    ping(hook(customer, receiver))
    receiver.status = status
    assert send_due() == 1


def test_who_is_gone_for_good_is_sent_nothing_more(customer: SampleCustomer, receiver: Receiver) -> None:
    made = hook(customer, receiver)
    first, second = ping(made), ping(made)
    receiver.status = 410
    assert send_due() == 0
    made.webhook.refresh_from_db()
    assert (len(receiver.calls), made.webhook.gone, made.webhook.paused_at is None) == (1, True, False)
    first.refresh_from_db()
    second.refresh_from_db()
    assert [calls.state_of(one) for one in (first, second)] == ["given-up", "waiting"]
    assert [mail.kind for mail in Mail.objects.all()] == ["webhook-gone"]
    assert AuditEntry.objects.filter(action="webhook-gone", user=None).count() == 1
    receiver.status = 204
    manage.resume(made.webhook, by=find.user("operator"))
    assert send_due() == 1


@pytest.mark.parametrize(
    ("raw", "failure"),
    [
        (b"", "broken-off"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "no-http"),
        (b"HTTP/1.1 20", "no-http"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000, "no-http"),
        (b"HTTP/9.9 200 OK\r\n\r\n", "no-http"),
    ],
)
def test_what_is_no_answer_is_said(customer: SampleCustomer, receiver: Receiver, raw: bytes, failure: str) -> None:
    call = ping(hook(customer, receiver))
    receiver.raw = raw
    assert send_due() == 0
    assert log(call) == [failure]


def test_what_comes_before_an_answer_is_none(customer: SampleCustomer, receiver: Receiver) -> None:
    ping(hook(customer, receiver))
    receiver.raw = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nonly"
    assert send_due() == 1


def test_a_receiver_that_is_not_there_costs_one_attempt_at_a_time(customer: SampleCustomer, receiver: Receiver) -> None:
    made = hook(customer, receiver)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    manage.change(made.webhook, by=find.user("operator"), address=f"http://127.0.0.1:{port}/")
    ping(made)
    ping(made)
    assert send_due() == 0
    assert list(WebhookAttempt.objects.values_list("failure", flat=True)) == ["unreachable"]
    assert send_due() == 0
    assert WebhookAttempt.objects.count() == 1


def test_a_receiver_that_says_nothing_is_left_in_time(
    customer: SampleCustomer, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "ANSWER", 0.5)
    call = ping(hook(customer, receiver))
    receiver.hold.clear()
    assert send_due() == 0
    assert log(call) == ["timeout"]


def test_a_receiver_that_drips_is_left_in_time(
    customer: SampleCustomer, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte comes in time, and all of them never do: a minute later it breaks off, which is another failure."""
    monkeypatch.setattr(posting, "ANSWER", 0.6)
    made = hook(customer, receiver)

    def drip(server: socket.socket) -> None:
        line, _ = server.accept()
        with line, suppress(OSError):
            for _ in range(600):
                line.send(b"H")
                time.sleep(0.1)

    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        Thread(target=drip, args=(server,), daemon=True).start()
        manage.change(made.webhook, by=find.user("operator"), address=f"http://127.0.0.1:{server.getsockname()[1]}/")
        call = ping(made)
        send_due()
    assert log(call) == ["timeout"]


def test_a_slow_receiver_holds_up_neither_others_nor_deliveries(customer: SampleCustomer, receiver: Receiver) -> None:
    with another_receiver() as slow:
        slow.hold.clear()
        ping(hook(customer, slow, "slow"))
        quick, stop = hook(customer, receiver, "quick"), Event()
        worker = Thread(target=work_until, args=(stop, 0.05))
        worker.start()
        until(lambda: bool(slow.calls))  # it hangs from here on
        Webhook.objects.filter(name="slow").update(events=[])
        delivery = customer.receive([person("1")])
        until(lambda: len(receiver.calls) == 2)
        delivery.refresh_from_db()
        assert delivery.state == "awaiting-approval"
        assert all(got.is_signed_with(quick.secret) for got in receiver.calls)
        slow.hold.set()
        stop.set()
        worker.join()
    assert WebhookCall.objects.filter(webhook__name="slow").exclude(delivered_at=None).count() == 1


def test_slow_receivers_of_one_customer_leave_the_threads_to_others(
    customer: SampleCustomer, receiver: Receiver
) -> None:
    """Ten that hang are more than all threads; two of them are called, and another customer's call goes out."""
    quick = hook(customer, receiver)
    with another_receiver() as slow:
        slow.hold.clear()
        other = SampleCustomer()
        for number in range(10):
            ping(hook(other, slow, f"traag-{number}"))
        with sending.Sender() as sender:
            sender.round()
            until(lambda: len(slow.calls) == 2)
            ping(quick)
            sender.round()
            until(lambda: len(receiver.calls) == 1)
            sender.round()
            assert len(slow.calls) == 2
            slow.hold.set()
            assert sender.finish() == 11


def test_customers_take_turns(customer: SampleCustomer, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one thread for all: whoever has much to send does not come before who has little."""
    monkeypatch.setattr(sending, "_THREADS", 1)
    many = [hook(customer, receiver, f"veel-{number}") for number in range(5)]
    few = hook(SampleCustomer(), receiver)
    for one in (*many, few):
        ping(one)
    assert send_due() == 6
    assert receiver.calls[1].is_signed_with(few.secret)


def test_a_receiver_that_answers_slowly_gets_a_rest(
    customer: SampleCustomer, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_SLOW", 0.1)
    made = hook(customer, receiver)
    ping(made)
    ping(made)
    receiver.hold.clear()

    def answer_late() -> None:
        until(lambda: receiver.calls)
        time.sleep(0.2)
        receiver.hold.set()

    Thread(target=answer_late).start()
    assert (send_due(), send_due()) == (1, 0)
    pass_by(timedelta(minutes=1))
    assert send_due() == 1


def test_calls_by_hand_have_a_rate(customer: SampleCustomer, receiver: Receiver) -> None:
    """Of the customer, over all its webhooks, tests and calls that are sent again."""
    first, second = hook(customer, receiver), hook(customer, receiver, "kassa")
    call = ping(first)
    for _ in range(WEBHOOK_CALLS[0].attempts - 1):
        ping(second)
    with pytest.raises(TooOften):
        ping(first)
    with pytest.raises(TooOften):
        calls.send_again(call, by=find.user("operator"))
    ping(hook(SampleCustomer(), receiver))
    AttemptCounter.objects.update(banned_until=timezone.now())
    ping(first)


def test_https_is_verified(customer: SampleCustomer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a certificate that nobody vouches for nothing is handed over; with one that the site believes it is."""
    own = own_certificate(tmp_path)
    private = override_settings(INSTROOM_WEBHOOK_PRIVATE=networks("INSTROOM_WEBHOOK_PRIVATE", "127.0.0.0/8"))
    with another_receiver((own.certificate, own.key)) as safe, private:
        made = hook(customer, safe)
        call = ping(made)
        assert (send_due(), safe.calls, log(call)) == (0, [], ["tls"])
        monkeypatch.setenv("SSL_CERT_FILE", str(own.certificate))
        pass_by(timedelta(minutes=3))
        assert send_due() == 1
        assert safe.calls[0].is_signed_with(made.secret)


def test_an_old_protocol_is_not_spoken(
    customer: SampleCustomer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the system's own settings would allow it, to a receiver that knows no other."""
    own, usual = own_certificate(tmp_path), ssl.create_default_context

    def lax() -> ssl.SSLContext:
        return with_old_protocols(usual())

    private = override_settings(INSTROOM_WEBHOOK_PRIVATE=networks("INSTROOM_WEBHOOK_PRIVATE", "127.0.0.0/8"))
    with another_receiver((own.certificate, own.key)) as old, private:
        with_old_protocols(old.socket.context)
        with pytest.warns(DeprecationWarning):
            old.socket.context.maximum_version = ssl.TLSVersion.TLSv1_1
        monkeypatch.setattr(ssl, "create_default_context", lax)
        monkeypatch.setenv("SSL_CERT_FILE", str(own.certificate))
        call = ping(hook(customer, old))
        assert (send_due(), old.calls, log(call)) == (0, [], ["tls"])


def test_a_name_that_leads_inside_is_not_followed(customer: SampleCustomer) -> None:
    """The address looks like any other; where it leads is judged when it is connected to, each time."""
    with another_receiver() as inside:
        port = inside.server_address[1]
        made = manage.add("adm", customer.record, by=find.user("operator"), address=f"https://localhost:{port}/")
        call = ping(made)
        assert (send_due(), inside.calls, log(call)) == (0, [], ["forbidden"])
        Webhook.objects.update(address=f"http://localhost:{port}/", rests_until=None)
        WebhookCall.objects.update(due_at=timezone.now())
        assert (send_due(), inside.calls, log(call)) == (0, [], ["forbidden", "forbidden"])


def test_a_host_that_is_not_there_is_said(customer: SampleCustomer) -> None:
    call = ping(manage.add("adm", customer.record, by=find.user("operator"), address="https://nergens.invalid/"))
    send_due()
    assert log(call) == ["no-host"]


def test_another_key_of_the_site_is_said_and_a_new_secret_corrects_it(
    customer: SampleCustomer, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = hook(customer, receiver)
    call = ping(made)
    monkeypatch.setenv("INSTROOM_SECRET_KEY", "another-" * 4)
    assert (send_due(), log(call)) == (0, ["no-secret"])
    new = manage.renew_secret(made.webhook, by=find.user("operator"))
    Webhook.objects.update(old_secret_until=timezone.now())
    calls.send_again(call, by=find.user("operator"))
    assert send_due() == 1
    assert receiver.calls[0].is_signed_with(new.secret)


def test_two_secrets_sign_for_a_day(customer: SampleCustomer, receiver: Receiver) -> None:
    made = hook(customer, receiver)
    new = manage.renew_secret(made.webhook, by=find.user("operator"))
    ping(made)
    send_due()
    assert receiver.calls[0].is_signed_with(made.secret)
    assert receiver.calls[0].is_signed_with(new.secret)
    Webhook.objects.update(old_secret_until=timezone.now())
    ping(made)
    send_due()
    assert receiver.calls[1].is_signed_with(new.secret)
    assert not receiver.calls[1].is_signed_with(made.secret)
    assert made.secret not in Webhook.objects.get().secret


def test_what_is_paused_waits_and_goes_out_while_it_is_news(customer: SampleCustomer, receiver: Receiver) -> None:
    made = hook(customer, receiver)
    old = ping(made)
    manage.pause(made.webhook, by=find.user("operator"))
    customer.receive([person("1")])
    assert (send_due(), receiver.calls) == (0, [])
    WebhookCall.objects.filter(pk=old.pk).update(asked_at=timezone.now() - sending.STALE - timedelta(hours=1))
    manage.resume(made.webhook, by=find.user("operator"))
    assert send_due() == 1
    assert json.loads(receiver.calls[0].body)["type"] == "delivery.received"
    old.refresh_from_db()
    assert calls.state_of(old) == "given-up"


def test_a_call_is_sent_again_by_hand_with_the_same_id(customer: SampleCustomer, receiver: Receiver) -> None:
    made = hook(customer, receiver)
    call = ping(made)
    send_due()
    pass_by(timedelta(days=20))
    calls.send_again(call, by=find.user("operator"))
    assert send_due() == 1
    first, second = receiver.calls
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    with pytest.raises(NotAllowed):
        calls.send_again(call, by=find.user("supplier"))
    manage.pause(made.webhook, by=find.user("operator"))
    with pytest.raises(NotAllowed, match="paused"):
        calls.send_again(call, by=find.user("operator"))


@pytest.mark.on_postgresql
def test_a_webhook_that_is_removed_while_a_call_is_under_way_is_gone(
    customer: SampleCustomer, receiver: Receiver
) -> None:
    made = hook(customer, receiver)
    ping(made)
    receiver.hold.clear()
    with sending.Sender() as sender:
        sender.round()
        until(lambda: bool(receiver.calls))
        manage.remove(made.webhook, by=find.user("operator"))
        receiver.hold.set()
        sender.finish()
    assert (Webhook.objects.count(), WebhookCall.objects.count(), WebhookAttempt.objects.count()) == (0, 0, 0)


def test_a_worker_that_is_stopped_ends_the_call_under_way_and_begins_no_other(
    customer: SampleCustomer, receiver: Receiver
) -> None:
    made = hook(customer, receiver)
    for _ in range(3):
        ping(made)
    receiver.hold.clear()
    with sending.Sender() as sender:
        sender.round()
        until(lambda: bool(receiver.calls))
        Timer(0.5, receiver.hold.set).start()
    assert len(receiver.calls) == 1
    assert WebhookCall.objects.exclude(delivered_at=None).count() == 1
    assert send_due() == 2


def test_calls_are_kept_for_thirty_days(customer: SampleCustomer, receiver: Receiver) -> None:
    made = hook(customer, receiver)
    call, kept = ping(made), ping(made)
    send_due()
    WebhookAttempt.objects.filter(call=call).delete()
    WebhookCall.objects.filter(pk=call.pk).update(id=first_id_at(timezone.now() - timedelta(days=31)))
    assert clean()["calls"] == 1
    assert [one.pk for one in WebhookCall.objects.all()] == [kept.pk]


def test_the_worker_sends_webhooks(customer: SampleCustomer, receiver: Receiver, run: Run) -> None:
    made = hook(customer, receiver)
    ping(made)
    ran = run("worker", "--once", INSTROOM_WEBHOOK_PRIVATE="127.0.0.1")
    assert (ran.code, " ERROR " in ran.err) == (0, False)
    assert receiver.calls[0].is_signed_with(made.secret)


@pytest.mark.parametrize("text", ["nonsense", "10.0.0.1/8", "10.0.0.0/99"])
def test_a_setting_that_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        networks("INSTROOM_WEBHOOK_PRIVATE", text)
