"""The operator's pages of the file server's accounts, and what suppliers are told of the ways in (product.md F)."""

import re
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from tests.database import mark_uploads
from tests.doors.web.web_customer import ANNA, COMPANY, WebCustomer, markup

from instroom.config.file_server import file_server
from instroom.core.errors import NotAllowed
from instroom.flow import find, throttle
from instroom.flow.connections import connections
from instroom.flow.delivery.receive import receive
from instroom.flow.file_server import accounts, failed_attempts, left_files, ways_in
from instroom.flow.file_server.account_sign_in import sign_in
from instroom.flow.file_server.upload_names import commit
from instroom.store.files.uploads import AccountFolders
from instroom.store.models import AuditEntry, Connection, Delivery, FileAccount

PASSWORD = "een-lang-woord-7"  # noqa: S105 - of nobody
HERE = "192.0.2.7"
BASE = "/customers/ons/accounts"


@pytest.fixture(autouse=True)
def folder(empty_database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file server of these tests alone."""
    monkeypatch.setenv("INSTROOM_FTP_FOLDER", str(tmp_path / "ftp"))
    mark_uploads(tmp_path / "ftp")


@pytest.fixture
def operator(customer: WebCustomer) -> Client:
    """The operator's browser."""
    return customer.signed_in("operator")


@pytest.fixture
def hr(operator: Client) -> FileAccount:
    """The account `hr`."""
    return accounts.add("hr", find.customer("ons"), PASSWORD, by=find.user("ons-operator"))


def page_of(client: Client, address: str = f"{BASE}/hr") -> str:
    """What a page says between the frame's own."""
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode().partition("<main")[2].partition("</main>")[0]


def shown_in(page: str) -> str:
    """The password that a page shows."""
    return re.findall(r'id="new-password" tabindex="0">([^<]+)<', page)[0]


def test_without_accounts_it_is_said_what_one_is(operator: Client) -> None:
    page = page_of(operator, BASE)
    assert "There are no accounts yet." in page
    assert "/customers/ons/add-account" in page


def test_an_account_is_made_with_a_password_that_is_shown_once_and_works(operator: Client) -> None:
    answer = operator.post("/customers/ons/add-account", {"name": "HR", "password": "", "plain_ftp": "on"})
    assert answer.headers["Cache-Control"] == "no-store"
    password = shown_in(answer.content.decode())
    assert sign_in("hr", password, HERE, tls=False).customer == "ons"
    assert password not in page_of(operator)
    assert password not in str([one.facts for one in AuditEntry.objects.all()])
    assert AuditEntry.objects.get(action="account-made").user == FileAccount.objects.get().customer.roles.get(
        name="operator"
    ).user  # fmt: skip


def test_few_names_of_others_are_found_out(
    operator: Client, hr: FileAccount, other_customer: WebCustomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names are those of the whole site: a name that another customer has is refused, a few times a day."""
    monkeypatch.setattr(throttle, "TAKEN_NAMES", (replace(throttle.TAKEN_NAMES[0], attempts=2),))
    ander, by = find.customer("ander"), find.user("ander-operator")
    for number in range(3):
        accounts.add(f"ander-{number}", ander, PASSWORD, by=by)

    def refused(address: str, name: str) -> str:
        response = operator.post(f"/customers/ons/{address}", {"name": name, "password": PASSWORD, "active": "on"})
        return markup(response).partition('id="problem">')[2].partition("<")[0] if response.status_code == 400 else ""

    assert refused("add-account", "ander-0") == "There is already an account ander-0."
    assert refused("accounts/hr/change", "ander-1") == "There is already an account ander-1."
    for address, name in (("add-account", "ander-2"), ("add-account", "vrij"), ("accounts/hr/change", "vrij")):
        assert refused(address, name) == "Too many failed attempts. Try again tomorrow."
    assert refused("accounts/hr/change", "hr") == ""  # all else about an account can be changed
    accounts.add("vrij", ander, PASSWORD, by=by)


def test_a_password_that_is_typed_is_not_shown(operator: Client) -> None:
    answer = operator.post("/customers/ons/add-account", {"name": "hr", "password": PASSWORD}).content.decode()
    assert "Account created." in answer
    assert PASSWORD not in answer
    assert sign_in("hr", PASSWORD, HERE, tls=True).name == "hr"


@pytest.mark.parametrize(
    ("name", "password", "told"),
    [
        ("", "", "An account&#x27;s name has letters"),
        ("a/b", "", "An account&#x27;s name has letters"),
        ("nieuw", "kort", "The password is too short"),
        ("nieuw", "x" * 1025, "at most 1024 characters"),
        ("hr", "", "There is already an account hr."),
    ],
)
def test_what_cannot_be_is_told_and_the_name_stays(
    operator: Client, hr: FileAccount, name: str, password: str, told: str
) -> None:
    response = operator.post("/customers/ons/add-account", {"name": name, "password": password})
    page = response.content.decode()
    assert response.status_code == 400
    assert told in page.partition('role="alert"')[2][:200]
    assert f'value="{name}"' in page
    assert FileAccount.objects.count() == 1


def test_whether_data_must_resume_tls_is_shown_and_chosen(operator: Client, hr: FileAccount) -> None:
    FileAccount.objects.update(tls_resumed=12, tls_not_resumed=3)
    page = page_of(operator)
    assert "12 resumed TLS, 3 did not." in page
    assert "Those that do not are refused." not in page
    operator.post(f"{BASE}/hr/change", {"active": "on", "tls_resumption": "always"})
    hr.refresh_from_db()
    assert hr.tls_resumption == "always"
    assert "Those that do not are refused." in page_of(operator)


def test_what_an_account_may_do_is_changed(operator: Client, hr: FileAccount) -> None:
    operator.post(f"{BASE}/hr/change", {"plain_ftp": "on", "allow_missing_close_notify": "on"})
    hr.refresh_from_db()
    assert (hr.plain_ftp, hr.allow_missing_close_notify, hr.active) == (True, True, False)
    assert "switched off" in page_of(operator, BASE)
    assert "Nothing has changed." in page_of_answer(operator, {"plain_ftp": "on", "allow_missing_close_notify": "on"})
    assert AuditEntry.objects.filter(action="account-changed").count() == 1


def page_of_answer(operator: Client, form: dict[str, str]) -> str:
    """Where a change leads."""
    return operator.post(f"{BASE}/hr/change", form, follow=True).content.decode()


def test_another_password_is_made_or_typed(operator: Client, hr: FileAccount) -> None:
    made = shown_in(operator.post(f"{BASE}/hr/password", {"password": ""}).content.decode())
    assert sign_in("hr", made, HERE, tls=True)
    operator.post(f"{BASE}/hr/password", {"password": "een-ander-woord"})
    assert sign_in("hr", "een-ander-woord", HERE, tls=True)
    with pytest.raises(NotAllowed):
        sign_in("hr", made, HERE, tls=True)
    assert operator.post(f"{BASE}/hr/password", {"password": "kort"}).status_code == 400


def test_a_ban_is_shown_and_lifted(operator: Client, hr: FileAccount) -> None:
    for _ in range(5):
        with pytest.raises(NotAllowed):
            sign_in("hr", "fout", HERE, tls=True)
    assert f"From {HERE}, until" in page_of(operator)
    assert "temporarily blocked" in page_of(operator, BASE)
    operator.post(f"{BASE}/hr/unban")
    assert "Temporarily blocked" not in page_of(operator)
    assert sign_in("hr", PASSWORD, HERE, tls=True)
    assert AuditEntry.objects.filter(action="account-bans-lifted").count() == 1


def test_what_an_account_brought_and_for_which_connections(
    operator: Client, hr: FileAccount, customer: WebCustomer
) -> None:
    assert "none: each file is processed at once" in page_of(operator)
    connections.add(
        "nacht",
        find.customer("ons"),
        by=find.user("ons-operator"),
        account="hr",
        file_name="levering.csv",
        schedule="daily 01:00",
    )
    file = receive(
        customer.file(ANNA | COMPANY),
        find.customer("ons"),
        by=hr,
        connection=find.connection(find.customer("ons"), "nacht"),
        waits_for="hour",
    )
    for address in (BASE, f"{BASE}/hr"):
        page = page_of(operator, address)
        assert "/customers/ons/connections/nacht" in page
        assert f"/customers/ons/deliveries/{file.pk}" in page


def test_the_supplier_is_told_how_to_come_in(operator: Client, hr: FileAccount) -> None:
    chosen = file_server()._replace(passive=range(3000, 3011))
    certificate = ways_in.certificate_of(chosen)
    ways_in.make_known(chosen, {"ftp": 4021, "ftpes": 4910, "ftps": 4990})
    page = page_of(operator)
    for said in ("port 4910", "port 4990", "ports 3000 to 3010", certificate.fingerprint(), "Account: hr"):
        assert said in page
    assert certificate.fingerprint().replace(":", ":<wbr>") in page
    assert "Server: 127.0.0.1" in page
    with override_settings(INSTROOM_FTP_NAME="ftp.voorbeeld.example"):
        assert "Server: ftp.voorbeeld.example" in page_of(operator)
    assert "4021" not in page, "this account is with TLS alone"
    accounts.change(hr, by=find.user("ons-operator"), plain_ftp=True)
    assert "4021" in page_of(operator)
    ways_in.make_known(chosen._replace(certificate=certificate.certificate, key=certificate.key), {"ftpes": 4910})
    assert certificate.fingerprint() not in page_of(operator), "authorities vouch for it"


def test_before_a_server_has_run_the_ports_are_those_of_the_settings(
    operator: Client, hr: FileAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSTROOM_FTP_PASSIVE", "2000-2010")
    monkeypatch.setenv("INSTROOM_FTPES_PORT", "")
    monkeypatch.setenv("INSTROOM_FTPS_PORT", "off")
    page = page_of(operator)
    assert "port 910" in page
    assert "FTPS (FTP" not in page
    assert "2000 to 2010" in page
    monkeypatch.setenv("INSTROOM_FTP_PASSIVE", "x")
    assert "The settings of the file server are wrong" in page_of(operator)


@pytest.mark.on_postgresql
def test_an_account_that_is_not_there(operator: Client) -> None:
    for name in ("niemand", "h%00r", "..", "a.b"):
        assert operator.get(f"{BASE}/{name}").status_code == 404, name


def test_what_failed_stands_on_the_page_with_the_switch_beside_it(operator: Client, hr: FileAccount) -> None:
    connections.add("nacht", find.customer("ons"), by=find.user("ons-operator"), account="hr", file_name="personen.csv")
    failed_attempts.remember(hr.pk, "no-close-notify", address=HERE, file_name="personen.csv")
    failed_attempts.remember(hr.pk, "too-large", address=HERE, file_name="groot.csv")
    for address in (f"{BASE}/hr", "/customers/ons/connections/nacht"):
        page = page_of(operator, address)
        assert "TLS close_notify" in page
        assert f'href="{BASE}/hr#allow_missing_close_notify"' in page
        assert "INSTROOM_FTP_FILE_MB" in page
        assert HERE in page
    assert 'id="allow_missing_close_notify"' in page_of(operator)
    assert "failed, under" not in page_of(operator, BASE)
    failed_attempts.record_unknown_name()
    assert "Recently 1 sign-in failed, under a name" in page_of(operator, BASE)


def test_a_supplier_sees_what_failed_and_no_switch(customer: WebCustomer, hr: FileAccount) -> None:
    connections.add("nacht", find.customer("ons"), by=find.user("ons-operator"), account="hr", file_name="personen.csv")
    failed_attempts.remember(hr.pk, "no-close-notify", file_name="personen.csv")
    page = page_of(customer.signed_in("supplier"), "/customers/ons/connections/nacht")
    assert "TLS close_notify" in page
    assert "#allow_missing_close_notify" not in page


@pytest.fixture
def left(hr: FileAccount, tmp_path: Path) -> str:
    """An upload of `hr` under a temporary name, and its id."""
    folders = AccountFolders(tmp_path / "ftp", hr.pk.hex)
    folders.make()
    (folders.parts / "deel").write_text("a;b\r\n")
    kept = commit(folders, folders.parts / "deel", folders.folder / "personen.csv.tmp")
    assert kept.is_unnamed
    return str(kept.id)


def test_an_upload_that_was_left_is_delivered_by_a_person(operator: Client, left: str) -> None:
    page = page_of(operator)
    assert "personen.csv.tmp" in page
    assert "may still be renamed" in page
    response = operator.post(f"{BASE}/hr/left/{left}/deliver")
    made = Delivery.objects.get()
    assert response.headers["Location"] == f"/customers/ons/deliveries/{made.pk}"
    assert (str(made.pk), made.file_name, made.waits_for) == (left, "personen.csv.tmp", "")
    assert "personen.csv.tmp" not in page_of(operator).partition("Left under")[2].partition("</section>")[0]
    assert operator.post(f"{BASE}/hr/left/{left}/deliver").status_code == 404


@pytest.mark.parametrize("action", ["deliver", "delete"])
def test_nothing_is_done_with_an_upload_that_cannot_be_written_in_the_audit_log(
    hr: FileAccount, left: str, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    def is_down(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr(left_files.audit, "note", is_down)
    with pytest.raises(OperationalError):
        getattr(left_files, action)(hr, UUID(left), by=find.user("ons-operator"))
    assert [str(one.id) for one in left_files.left_files(hr)] == [left]
    assert not Delivery.objects.exists()


def test_an_upload_that_was_left_is_thrown_away(operator: Client, left: str, tmp_path: Path) -> None:
    operator.post(f"{BASE}/hr/left/{left}/delete")
    assert not list((tmp_path / "ftp" / "handover").iterdir())
    assert AuditEntry.objects.get(action="left-file-deleted").facts["name"] == "personen.csv.tmp"
    assert not Delivery.objects.exists()


def test_an_account_gets_another_name_and_is_removed(operator: Client, hr: FileAccount) -> None:
    accounts.add("bezet", hr.customer, PASSWORD, by=find.user("ons-operator"))
    taken = operator.post(f"{BASE}/hr/change", {"active": "on", "name": "bezet"})
    assert taken.status_code == 400
    assert "There is already an account bezet." in taken.content.decode()
    assert operator.post(f"{BASE}/hr/change", {"active": "on", "name": "personeel"}).url == f"{BASE}/personeel"  # type: ignore[attr-defined]
    assert operator.get(f"{BASE}/hr").status_code == 404
    with pytest.raises(NotAllowed):
        sign_in("hr", PASSWORD, HERE, tls=True)
    page = page_of(operator, f"{BASE}/personeel")
    assert "under the name that the account had before" in page
    assert 'href="/customers/ons/accounts/personeel#name"' in page

    connections.add("nacht", hr.customer, by=find.user("ons-operator"), account="personeel", file_name="x.csv")
    used = operator.post(f"{BASE}/personeel/remove")
    assert used.status_code == 400
    assert "a connection has it: nacht" in used.content.decode()
    connections.change(Connection.objects.get(), by=find.user("ons-operator"), account="")
    assert operator.post(f"{BASE}/personeel/remove").url == BASE  # type: ignore[attr-defined]
    page = page_of(operator, BASE)
    assert "Removed" in page
    assert "under the name that the account had before" in page, "what failed stays known"
    assert 'href="/customers/ons/accounts/personeel' not in page
