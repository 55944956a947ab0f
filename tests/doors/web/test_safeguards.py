"""What a form relaxes is shown as a decision, and asks for the password or a code; and a form changes only what it
shows (product.md D3)."""

from html.parser import HTMLParser
from typing import Any

import pyotp
import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone
from tests.doors.web.web_customer import PASSWORD, WebCustomer, give_second_factor, markup, with_password

from instroom.flow import find
from instroom.flow.connections import connections
from instroom.flow.connections.closing import save_closing_days
from instroom.flow.file_server import accounts
from instroom.flow.safeguards import proposals
from instroom.flow.webhooks import manage as webhooks
from instroom.store.models import Connection, Customer, FileAccount, Proposal, Role, User, Webhook

CHANGE = "/customers/ons/connections/nacht/change"
SETTINGS = "/customers/ons/settings"


class Form(HTMLParser):
    """The fields of the last form of a page with a button *Save*, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._select, self._area, self._found = "", "", False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name, kind = said.get("name", ""), said.get("type", "text")
        if tag == "form" and not self._found:
            self.fields = []
        if tag == "button" and said.get("class") == "main":
            self._found = True
        if tag == "input" and name and (kind not in ("checkbox", "radio") or "checked" in said):
            self._add(name, said.get("value", "on"))
        if tag == "select":
            self._select = name
        if tag == "option" and self._select and ("selected" in said or self._select not in dict(self.fields)):
            self.fields = [field for field in self.fields if field[0] != self._select]
            self._add(self._select, said.get("value", "\0"))
        if tag == "textarea":
            self._area = name
            self._add(name, "")

    def handle_endtag(self, tag: str) -> None:
        self._select = "" if tag == "select" else self._select
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._found or not self.fields:
            return
        name, value = self.fields[-1]
        if self._area or (value == "\0" and name == self._select):
            self.fields[-1] = (name, data.strip() if value == "\0" else value + data)

    def _add(self, name: str, value: str) -> None:
        if not self._found and name != "csrfmiddlewaretoken":
            self.fields.append((name, value))

    @property
    def sent(self) -> dict[str, list[str]]:
        """By name, as Django's client sends it."""
        sent: dict[str, list[str]] = {}
        for name, value in self.fields:
            sent.setdefault(name, []).append("" if value == "\0" else value)
        return sent


@pytest.fixture
def operator(customer: WebCustomer) -> Client:
    connections.add("nacht", find.customer("ons"), by=find.user("ons-operator"))
    return with_password(customer, "operator")


def form_of(client: Client, address: str) -> dict[str, list[str]]:
    return Form(client.get(address).content.decode()).sent


def row(model: Any) -> dict[str, Any]:
    """The one row of a model."""
    return dict(model.objects.values().get())


def test_each_form_that_is_sent_unchanged_changes_nothing(operator: Client) -> None:
    """Also what it does not show, or shows as what it comes down to."""
    ons, by = find.customer("ons"), find.user("ons-operator")
    account = accounts.add("hr", ons, "een-lang-woord-7", by=by, plain_ftp=True)
    accounts.change(account, by=by, contact="ons-reader", allow_missing_close_notify=True)
    webhooks.add("crm", ons, by=by, address="https://crm.voorbeeld.example/", events=["delivery.held"])
    save_closing_days(ons, {"country": "NL", "days": ["2027-12-24"], "open": ["2027-03-26"], "weekends": True}, by=by)
    policies = {"approver_differs": True, "blank": "clear", "skip_limit_percent": 0, "nothing_words": "blank"}
    policies |= {"quiet_above": 0, "quiet_from": ""}
    Customer.objects.update(policies=policies | {"something": "of a later version"})
    guards = {"created": [20, 500], "changed": [30, 1000, 2], "fewer": [1, 1]}
    Connection.objects.update(
        account=account,
        file_name="personen_{date}.csv",
        folder="export/hr",
        schedule="weekly mon,thu 01:00,13:30",
        policies=policies,
        guards=guards,
        late_after=5,
        on_closed="move",
        on_late="next",
        on_correction="next",
        same_is_normal=True,
        standing_since=account.made_at,
        standing_by=by,
    )
    pages: dict[str, tuple[Any, str]] = {
        CHANGE: (Connection, CHANGE),
        SETTINGS: (Customer, SETTINGS),
        "/customers/ons/accounts/hr": (FileAccount, "/customers/ons/accounts/hr/change"),
        "/customers/ons/webhooks/crm/change": (Webhook, "/customers/ons/webhooks/crm/change"),
    }
    for page, (model, address) in pages.items():
        before = row(model)
        response = operator.post(address, form_of(operator, page))
        assert response.status_code == 302, (page, markup(response))
        assert row(model) == before, page
    reader = User.objects.get(username="ons-reader")
    roles = set(Role.objects.filter(user=reader).values_list("name", flat=True))
    address = f"/customers/ons/users/{reader.pk}"
    operator.post(address, form_of(operator, address))
    assert set(Role.objects.filter(user=reader).values_list("name", flat=True)) == roles


def test_a_change_of_the_hour_leaves_two_person_approval_as_it_is(operator: Client) -> None:
    Connection.objects.update(policies={"approver_differs": True}, schedule="daily 01:00")
    operator.post(CHANGE, form_of(operator, CHANGE) | {"at": ["02:00"], "quiet_above": ["100"]})
    one = Connection.objects.get()
    assert (one.schedule, one.policies) == ("daily 02:00", {"approver_differs": True, "quiet_above": 100})


def test_what_is_relaxed_is_shown_and_takes_the_password(operator: Client) -> None:
    wider = form_of(operator, CHANGE) | {"standing": ["on"], "created_percent": ["90"], "late_after": ["7"]}
    shown = markup(operator.post(CHANGE, wider))
    for text in ("Relax safeguards", "Standing approval", "20 % and 500 at most, 2 always", "90 % and 500 at most"):
        assert text in shown
    assert Connection.objects.get().late_after == 60, "nothing is saved yet"
    wrong = operator.post(CHANGE, wider | {"proof": ["iets anders"]})
    assert (wrong.status_code, "Your password is not correct." in markup(wrong)) == (403, True)
    assert Connection.objects.get().standing_since is None
    assert operator.post(CHANGE, wider | {"proof": [PASSWORD]}).status_code == 302
    one = Connection.objects.get()
    assert (one.standing_by, one.late_after) == (find.user("ons-operator"), 7)
    assert one.guards == {"created": [90, 500, 2]}


def test_an_account_of_a_standing_approval_is_protected_less_with_the_password(operator: Client) -> None:
    by = find.user("ons-operator")
    one = accounts.add("hr", find.customer("ons"), accounts.new_password(), by=by)
    changed = {"name": "hr", "active": "on", "tls_resumption": "never"}
    Connection.objects.update(account=one, standing_by=by, standing_since=timezone.now())
    shown = markup(operator.post("/customers/ons/accounts/hr/change", changed))
    assert 'href="/customers/ons/accounts/hr">Cancel' in shown
    assert "Data connections resume TLS" in shown
    assert "as soon as the program does" in shown
    assert FileAccount.objects.get().tls_resumption == "learned"
    assert operator.post("/customers/ons/accounts/hr/change", {**changed, "proof": PASSWORD}).status_code == 302
    assert FileAccount.objects.get().tls_resumption == "never"


def test_a_file_is_left_to_a_standing_approval_with_the_password(operator: Client) -> None:
    """By removing its connection, or giving that another file."""
    ons, by = find.customer("ons"), find.user("ons-operator")
    accounts.add("hr", ons, accounts.new_password(), by=by)
    one = find.connection(ons, "nacht")
    connections.change(one, by=by, account="hr", file_name="a.csv")
    connections.add("dag", ons, by=by, account="hr", file_name="*.csv", standing=True)
    changed: dict[str, Any] = form_of(operator, CHANGE) | {"file_name": "b.csv"}
    leaving: dict[str, dict[str, Any]] = {"/customers/ons/connections/nacht/remove": {}, CHANGE: changed}
    for address, sent in leaving.items():
        shown = markup(operator.post(address, sent))
        assert "Standing approval" in shown, address
        assert f'href="{address.removesuffix("/remove")}">Cancel' in shown, address
        assert Connection.objects.get(pk=one.pk).file_name == "a.csv"
    for address, sent in reversed(leaving.items()):
        connections.change(one, by=by, file_name="a.csv")
        assert operator.post(address, {**sent, "proof": PASSWORD}).status_code == 302
    assert not Connection.objects.filter(pk=one.pk).exists()


def test_a_password_of_any_length_is_taken(operator: Client) -> None:
    password = "zeven groene fietsen " * 48
    User.objects.filter(username="ons-operator").update(password=make_password(password))
    operator.force_login(find.user("ons-operator"))
    wider = form_of(operator, CHANGE) | {"standing": ["on"], "proof": [password]}
    assert operator.post(CHANGE, wider).status_code == 302


def test_who_has_a_second_factor_can_give_a_code(operator: Client) -> None:
    user = find.user("ons-operator")
    secret = give_second_factor(user)[0]
    operator.force_login(user)  # again: setting one up has ended the session
    wider = form_of(operator, CHANGE) | {"standing": ["on"]}
    assert "Your password, or the code of your second factor" in markup(operator.post(CHANGE, wider))
    assert operator.post(CHANGE, wider | {"proof": ["000000"]}).status_code == 403
    assert operator.post(CHANGE, wider | {"proof": [pyotp.TOTP(secret).now()]}).status_code == 302


def test_under_two_persons_it_waits_on_a_page_for_the_other(operator: Client, customer: WebCustomer) -> None:
    Customer.objects.update(policies={"approver_differs": True})
    loose = form_of(operator, SETTINGS) | {"quiet_above": ["3000"], "proof": [PASSWORD]}
    del loose["approver_differs"]
    told = operator.post(SETTINGS, loose, follow=True).content.decode()
    assert "What relaxes a safeguard waits until somebody else confirms it." in told
    assert Customer.objects.get().policies == {"approver_differs": True}
    (one,) = proposals.waiting(find.customer("ons"))
    page = markup(operator.get("/customers/ons/proposals"))
    assert "You proposed this yourself" in page
    assert f"/proposals/{one.pk}/confirm" not in page
    approver, address = with_password(customer, "approver"), f"/customers/ons/proposals/{one.pk}"
    assert f"{address}/confirm" in approver.get("/customers/ons/proposals").content.decode()
    wrong = approver.post(f"{address}/confirm", {"proof": "iets anders"}, follow=True)
    assert "Your password is not correct." in wrong.content.decode()
    assert Customer.objects.get().policies == {"approver_differs": True}
    done = approver.post(f"{address}/confirm", {"proof": PASSWORD}, follow=True)
    assert "The safeguards have been relaxed." in done.content.decode()
    assert Customer.objects.get().policies == {"approver_differs": False, "quiet_above": 3000}
    assert "already been decided" in approver.post(f"{address}/refuse", follow=True).content.decode()


def test_who_proposed_takes_it_back(operator: Client) -> None:
    Connection.objects.update(policies={"approver_differs": True})
    operator.post(CHANGE, form_of(operator, CHANGE) | {"standing": ["on"], "proof": [PASSWORD]})
    assert "It waits for a second person." in markup(operator.get("/customers/ons/connections/nacht"))
    (one,) = proposals.waiting(find.customer("ons"))
    operator.post(f"/customers/ons/proposals/{one.pk}/refuse")
    assert Proposal.objects.get().state == "refused"


def test_a_standing_approval_of_who_has_left_is_renewed_on_purpose(operator: Client) -> None:
    gone = User.objects.create(username="vertrokken")
    Connection.objects.update(standing_since=find.customer("ons").created_at, standing_by=gone)
    assert "who gave it may no longer approve" in markup(operator.get("/customers/ons/connections/nacht"))
    unchanged = form_of(operator, CHANGE)
    assert operator.post(CHANGE, unchanged | {"late_after": ["9"]}).status_code == 302
    assert Connection.objects.get().standing_by == gone
    assert operator.post(CHANGE, unchanged | {"renew": ["on"], "proof": [PASSWORD]}).status_code == 302
    assert Connection.objects.get().standing_by == find.user("ons-operator")


def test_the_page_of_an_account_says_whose_files_they_are(operator: Client) -> None:
    account = accounts.add("hr", find.customer("ons"), "een-lang-woord-7", by=find.user("ons-operator"))
    page = markup(operator.get("/customers/ons/accounts/hr"))
    assert "Its files count as delivered by</dt><dd>ons-operator, ons-supplier" in page
    fields = form_of(operator, "/customers/ons/accounts/hr") | {"contact": ["ons-approver"]}
    operator.post("/customers/ons/accounts/hr/change", fields)
    account.refresh_from_db()
    assert account.contact == find.user("ons-approver")
