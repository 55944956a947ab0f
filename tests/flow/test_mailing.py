"""A mail goes out after the commit, once, to a real mail server; and again where that did not work (product.md E4)."""

import socket
import subprocess
from collections.abc import Callable
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from tests.contracts.customer import SampleCustomer, person
from tests.mail_sink import MailSink
from tests.waiting import until

from instroom.config.mailing import MailServer, mail_server
from instroom.core.errors import SettingsError
from instroom.doors.worker.loop import work_until
from instroom.flow.file_server.certificate import own_certificate
from instroom.flow.mails import mailing
from instroom.flow.mails.daily_overviews import gather_due
from instroom.flow.news import outbox
from instroom.flow.news.mail_text import MAILS
from instroom.store.models import Customer, Institute, Mail, User

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

Run = Callable[..., "subprocess.CompletedProcess[str]"]
FACTS = {
    "name": "personen.csv",
    "Name": "personen.csv",
    "customer": "Voorbeeld BV",
    "link": "https://instroom.voorbeeld.example/x?a=1&b=2",
}
TO = "approver@voorbeeld.example"


def write(kind: str = "imported", language: str = "nl", once: str | None = None, **facts: object) -> None:
    """Put a mail in the outbox."""
    outbox.write(kind, TO, language, {**FACTS, **facts}, customer=None, once=once)


def wait() -> None:
    """Let the time of the next attempt come."""
    Mail.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def test_a_mail_goes_out_once_as_text_and_html(sink: MailSink) -> None:
    write(lines=["Personen: 3 nieuw"])
    assert (mailing.send_due(), mailing.send_due()) == (1, 0)
    (message,) = sink.messages
    mail = Mail.objects.get()
    assert (message["To"], message["Subject"], message["Content-Language"]) == (TO, "Geïmporteerd: personen.csv", "nl")
    assert message["Message-ID"].startswith(f"<{mail.pk}@")
    assert message["Auto-Submitted"] == "auto-generated"
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    for body in (text.get_content(), html.get_content()):
        assert "personen.csv is voor Voorbeeld BV in live geïmporteerd." in body
        assert "Personen: 3 nieuw" in body
    assert FACTS["link"] in text.get_content()
    assert 'href="https://instroom.voorbeeld.example/x?a=1&amp;b=2"' in html.get_content()


@pytest.mark.on_postgresql
def test_what_is_not_committed_is_not_sent(sink: MailSink) -> None:
    class ChangedMind(Exception):
        pass

    with pytest.raises(ChangedMind), transaction.atomic():
        write()
        raise ChangedMind
    assert mailing.send_due() == 0
    assert sink.messages == []


@pytest.mark.on_postgresql
def test_what_may_be_told_but_once_is_written_once() -> None:
    write(once="late:1")
    write(once="late:1")
    write(once="late:2")
    write()
    write()
    assert Mail.objects.count() == 4


@pytest.mark.on_postgresql
def test_two_workers_send_each_mail_once(sink: MailSink) -> None:
    for _ in range(20):
        write()
    ready = Barrier(2)

    def work() -> None:
        ready.wait()
        mailing.send_due()
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    ids = [message["Message-ID"] for message in sink.messages]
    assert (len(ids), len(set(ids))) == (20, 20)


def test_a_mail_is_tried_again_later_and_given_up_in_the_end(sink: MailSink) -> None:
    write()
    sink.refuse["RCPT"] = "451 busy"
    waits = []
    for _ in range(mailing.MOST_ATTEMPTS):
        before = timezone.now()
        assert mailing.send_due() == 0
        waits.append(round((Mail.objects.get().due_at - before).total_seconds()))
        assert mailing.send_due() == 0  # not before its time
        wait()
    assert waits[: len(mailing.WAITS)] == [one.total_seconds() for one in mailing.WAITS]
    mail = Mail.objects.get()
    assert (mail.attempts, mail.sent_at, mail.given_up_at is None) == (8, None, False)
    sink.refuse.clear()
    assert mailing.send_due() == 0


def test_after_a_while_it_goes_out_all_the_same(sink: MailSink) -> None:
    write()
    sink.refuse["DATA"] = "451 busy"
    mailing.send_due()
    sink.refuse.clear()
    wait()
    assert mailing.send_due() == 1
    assert Mail.objects.get().sent_at is not None


def test_what_waits_for_an_overview_goes_out_in_it_and_not_by_itself(sink: MailSink) -> None:
    customer = SampleCustomer()
    User.objects.filter(username="supplier").update(email=TO)
    for _ in range(2):
        outbox.write(
            *("imported", User.objects.get(username="supplier"), "nl", FACTS),
            customer=customer.record,
            held_until=timezone.now() + timedelta(hours=1),
        )
    assert mailing.send_due() == 0
    Mail.objects.update(held_until=timezone.now())
    gather_due()
    assert (mailing.send_due(), mailing.send_due()) == (1, 0)
    assert [message["Subject"] for message in sink.messages] == [
        f"Overzicht van {customer.record.title}: geïmporteerd (1)"
    ]


@pytest.mark.parametrize("word", ["RCPT", "DATA"])
def test_what_the_server_never_takes_is_given_up_at_once_and_the_next_one_goes_on(sink: MailSink, word: str) -> None:
    write()
    sink.refuse[word] = "550 nobody"
    mailing.send_due()
    assert Mail.objects.get().given_up_at is not None
    sink.refuse.clear()
    write()
    assert mailing.send_due() == 1


def test_a_server_that_is_away_costs_one_mail_an_attempt(sink: MailSink) -> None:
    write()
    write()
    sink.shutdown()
    sink.server_close()
    assert mailing.send_due() == 0
    assert sorted(Mail.objects.values_list("attempts", flat=True)) == [0, 1]


def test_a_worker_that_died_while_sending_leaves_a_mail_that_is_known_again(sink: MailSink) -> None:
    write()
    due = Mail.objects.get()
    assert mailing._claim(due)
    assert mailing.send_due() == 0  # it may still be at it
    wait()
    assert mailing.send_due() == 1
    assert sink.messages[0]["Message-ID"].startswith(f"<{due.pk}@")


def test_old_news_is_not_sent(sink: MailSink) -> None:
    write()
    Mail.objects.update(made_at=timezone.now() - timedelta(days=4))
    assert mailing.send_due() == 0
    assert Mail.objects.get().given_up_at is not None


def test_without_a_mail_server_a_mail_stays_to_be_read() -> None:
    write()
    assert mailing.send_due() == 0
    mail = Mail.objects.get()
    assert (mail.sent_at, mail.attempts) == (None, 0)


def test_a_link_that_opens_something_is_not_kept_after_it_is_sent(sink: MailSink) -> None:
    write("new-password", user="anna", hours="1")
    mailing.send_due()
    mail = Mail.objects.get()
    assert (mail.text, mail.html) == ("", "")
    assert mail.sent_at is not None


def test_who_has_no_address_gets_no_mail() -> None:
    outbox.write("imported", User.objects.create(username="stil"), "nl", FACTS, customer=None)
    assert not Mail.objects.exists()


def test_the_name_of_a_file_cannot_write_a_mail(sink: MailSink) -> None:
    write(name="x.csv\r\nBcc: iemand@elders.example\r\n\r\n<img src=x>" + "y" * 300, customer="<b>")
    assert mailing.send_due() == 1
    (message,) = sink.messages
    assert message["Bcc"] is None
    html = message.get_body(("html",))
    assert html is not None
    assert "<img" not in html.get_content()
    assert "<b>" not in html.get_content()


def test_a_mail_is_signed_by_the_institute_and_answers_go_to_its_help_desk(sink: MailSink) -> None:
    customer = Customer.objects.create(name="ons", title="Ons BV", contact_email="noor@voorbeeld.example")
    Institute.objects.create(name='Zoë, "X" & Co. <Utrecht>', phone="030-0000000", email="support@voorbeeld.example")
    write()
    outbox.write("imported", TO, "en", FACTS, customer=customer)
    assert mailing.send_due() == 2
    first, second = sink.messages
    assert parseaddr(str(first["From"])) == ('Zoë, "X" & Co. <Utrecht>', "instroom@127.0.0.1")
    assert (first["Reply-To"], second["Reply-To"]) == ("support@voorbeeld.example", "noor@voorbeeld.example")
    text, html = (first.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None and html is not None
    said = text.get_content().replace("\r\n", "\n")
    assert 'Met vriendelijke groet,\nZoë, "X" & Co. <Utrecht>\n' in said
    assert "Hulp nodig? " in said and "030-0000000, support@voorbeeld.example" in said
    assert "Antwoorden gaan naar support@voorbeeld.example." in said
    assert "<Utrecht>" not in html.get_content() and "&lt;Utrecht&gt;" in html.get_content()


def test_no_name_gets_into_another_header(sink: MailSink) -> None:
    """What the settings refuse, the mail itself does not send either."""
    Institute.objects.create(name="Naam\r\nBcc: iemand@voorbeeld.example")
    write()
    mailing.send_due()
    assert [message["Bcc"] for message in sink.messages] in ([], [None])


def test_both_languages_have_the_same_mails() -> None:
    nl, en = MAILS.texts("nl"), MAILS.texts("en")
    assert list(nl) == list(en)
    for kind in nl:
        assert sorted(nl[kind]) == sorted(en[kind])


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.voorbeeld.example", MailServer("mail.voorbeeld.example", 25, "", "", False, False)),
        ("smtp+starttls://a%40b:p%2Fw@host", MailServer("host", 587, "a@b", "p/w", True, False)),
        ("smtps://a:b@host:4650", MailServer("host", 4650, "a", "b", False, True)),
    ],
)
def test_an_address_of_a_mail_server_is_understood(url: str, server: MailServer) -> None:
    assert mail_server(url) == server


@pytest.mark.parametrize("url", ["mail.voorbeeld.example", "http://host", "smtp://", "smtp://h:x", "smtp://a:b@host"])
def test_an_address_that_is_none_or_bares_a_password_is_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        mail_server(url)


def test_the_worker_sends_through_the_server_of_the_environment(sink: MailSink, run: Run) -> None:
    write()
    site = {"INSTROOM_SMTP": f"smtp://127.0.0.1:{sink.port}", "INSTROOM_MAIL_FROM": "Post <post@voorbeeld.example>"}
    ran = run("worker", "--once", **site)
    assert (ran.code, ran.err) == (0, "")
    (message,) = sink.messages
    assert message["From"] == "Post <post@voorbeeld.example>"
    assert message["Message-ID"].endswith("@voorbeeld.example>")


def test_a_server_that_is_not_the_one_it_says_it_is_gets_no_mail(sink: MailSink, tmp_path: Path) -> None:
    """TLS with a certificate that nobody vouches for: nothing is handed over, and the mail waits."""
    write()
    certificate = own_certificate(tmp_path)
    sink.speak_tls(certificate.certificate, certificate.key)
    with override_settings(EMAIL_USE_SSL=True):
        assert mailing.send_due() == 0
    mail = Mail.objects.get()
    assert (mail.attempts, mail.sent_at, mail.given_up_at, sink.messages) == (1, None, None, [])


def test_a_mail_server_that_does_not_answer_keeps_no_delivery_waiting() -> None:
    customer, stop = SampleCustomer(), Event()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": silent.getsockname()[1], "EMAIL_TIMEOUT": 600}
        with override_settings(INSTROOM_SMTP="smtp://silent", **address):
            write()
            worker = Thread(target=work_until, args=(stop, 0.05))
            worker.start()
            silent.settimeout(60)
            line, _ = silent.accept()  # it hangs from here on
            try:
                delivery = customer.receive([person("1")])
                until(customer.record.deliveries.filter(pk=delivery.pk, state="awaiting-approval").exists)
            finally:
                stop.set()
                line.close()
                worker.join()


def test_an_address_that_is_none_is_given_up_and_the_next_mail_goes_on(sink: MailSink) -> None:
    write()
    Mail.objects.update(to="geen adres\n")
    write()
    assert mailing.send_due() == 1
    assert Mail.objects.filter(given_up_at__isnull=False).count() == 1
