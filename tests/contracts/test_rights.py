"""What relaxes a safeguard is an approval, whoever made a delivery does not approve it where two persons are agreed on,
and the right of who decided is looked at again at execution (product.md D3, E3, G2)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from instroom.core.errors import InstroomError, NotAllowed
from instroom.flow import acting, find, two_persons
from instroom.flow.comments import comment
from instroom.flow.connections import connections, removing
from instroom.flow.delivery import decide, scheduled, undo
from instroom.flow.delivery.receive import receive
from instroom.flow.delivery.retry import retry
from instroom.flow.file_server import accounts
from instroom.flow.operations import customer_settings, customers
from instroom.flow.people import api_tokens, invitations, members, switching
from instroom.flow.safeguards import proposals
from instroom.store.models import AuditEntry, Connection, Customer, Delivery, FileAccount, Mail, Proposal, Role, User
from tests.contracts.customer import SampleCustomer, person, write_csv

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

PASSWORD, ANOTHER, THIRD = "een-lang-woord-7", "een-ander-woord-8", "nog-een-woord-9"
STAFF = [person(str(number)) for number in range(1, 11)]
WIDE = {"created": [100, 20000, 20000]}


def add_user(customer: SampleCustomer, *roles: str) -> User:
    """Somebody with these roles, who gets mail."""
    name = f"{customer.name}-{'-'.join(roles)}-{User.objects.count()}"
    user = User.objects.create(username=name, email=f"{name}@voorbeeld.example", language="en")
    for role in roles:
        Role.objects.create(customer=customer.record, user=user, name=role)
    return user


def agree(customer: SampleCustomer, **policies: Any) -> None:
    """Agree on policies with the customer."""
    customer.record.policies = policies
    customer.record.save()


@pytest.fixture
def customer() -> SampleCustomer:
    return SampleCustomer()


@pytest.fixture
def operator(customer: SampleCustomer) -> User:
    return add_user(customer, "operator")


@pytest.fixture
def other(customer: SampleCustomer) -> User:
    """A second operator."""
    return add_user(customer, "operator")


@pytest.fixture
def connection(customer: SampleCustomer, operator: User) -> Connection:
    return connections.add("nacht", customer.record, by=operator)


RELAXING: dict[str, Callable[[SampleCustomer, User], object]] = {
    "a standing approval": lambda one, by: connections.change(the_connection(one), by=by, standing=True),
    "a wider guard": lambda one, by: connections.change(the_connection(one), by=by, guards=WIDE),
    "one person for a connection": lambda one, by: connections.change(
        the_connection(one), by=by, policies={"approver_differs": False}
    ),
    "no policies of its own": lambda one, by: connections.change(the_connection(one), by=by, policies={}),
    "a connection for one person": lambda one, by: connections.add(
        "dag", one.record, by=by, policies={"approver_differs": False}
    ),
    "a connection with a standing approval": lambda one, by: connections.add("dag", one.record, by=by, standing=True),
    "one person for a customer": lambda one, by: customer_settings.save(one.record, {"approver_differs": False}, by=by),
    "larger files by day": lambda one, by: customer_settings.save(one.record, {"quiet_above": 9000}, by=by),
    "longer quiet hours": lambda one, by: customer_settings.save(one.record, {"quiet_until": "09:00"}, by=by),
}
relaxing = pytest.mark.parametrize("what", RELAXING)


def the_connection(customer: SampleCustomer) -> Connection:
    return find.connection(customer.record, "nacht")


def state_of(customer: SampleCustomer) -> tuple[Any, ...]:
    """All that a relaxation changes."""
    customer.record.refresh_from_db()
    found = Connection.objects.filter(customer=customer.record).order_by("name")
    return customer.record.policies, [(one.name, one.policies, one.guards, one.standing_since) for one in found]


@pytest.fixture
def strict(customer: SampleCustomer, connection: Connection) -> SampleCustomer:
    """A connection with a policy of its own for two persons, of a customer that has it too."""
    agree(customer, approver_differs=True)
    Connection.objects.filter(pk=connection.pk).update(policies={"quiet_above": 5})
    return customer


@relaxing
def test_a_token_without_approve_relaxes_nothing(strict: SampleCustomer, operator: User, what: str) -> None:
    scopes = ["read", "deliver", "configure"]
    token = api_tokens.add(strict.record, "Programma", scopes, by=operator).token
    before = state_of(strict)
    with acting.one_request():
        acting.work_by(token)
        if what == "one person for a connection":
            Connection.objects.filter(customer=strict.record).update(policies={"approver_differs": True})
            before = state_of(strict)
        with pytest.raises(NotAllowed) as told:
            RELAXING[what](strict, operator)
    assert told.value.code == "scope-needed"
    assert told.value.facts["action"] == "approve"
    assert state_of(strict) == before


DOINGS: dict[str, Callable[[SampleCustomer, Delivery, User], object]] = {
    "approve": lambda one, delivery, by: decide.approve(delivery, by=by),
    "reschedule": lambda one, delivery, by: scheduled.reschedule(delivery, "now", by=by),
    "unapprove": lambda one, delivery, by: scheduled.unapprove(delivery, "Nee.", by=by),
    "comment": lambda one, delivery, by: comment(delivery, "Klopt dit?", by=by),
    "refuse": lambda one, delivery, by: decide.refuse(delivery, "Nee.", by=by),
    "undo": lambda one, delivery, by: undo.undo(delivery, by=by),
    "retry": lambda one, delivery, by: retry(delivery, by=by),
    "configure": lambda one, delivery, by: connections.add("dag", one.record, by=by),
}


@pytest.mark.parametrize("what", DOINGS)
def test_no_use_case_forgets_the_token(customer: SampleCustomer, operator: User, what: str) -> None:
    delivery = customer.deliver(STAFF)
    token = api_tokens.add(customer.record, "Programma", ["read", "deliver"], by=operator).token
    with acting.one_request():
        acting.work_by(token)
        with pytest.raises(NotAllowed) as told:
            DOINGS[what](customer, delivery, operator)
    assert told.value.code == "scope-needed"


def test_a_token_is_for_one_customer(customer: SampleCustomer, operator: User) -> None:
    elsewhere = SampleCustomer()
    Role.objects.create(customer=elsewhere.record, user=operator, name="operator")
    token = api_tokens.add(customer.record, "Programma", ["configure"], by=operator).token
    with acting.one_request():
        acting.work_by(token)
        with pytest.raises(NotAllowed):
            connections.add("dag", elsewhere.record, by=operator)


def test_a_token_without_approve_makes_no_approver(customer: SampleCustomer, operator: User) -> None:
    reader = add_user(customer, "reader")
    token = api_tokens.add(customer.record, "Programma", ["manage-users"], by=operator).token
    with acting.one_request():
        acting.work_by(token)
        for act in (
            lambda: members.set_roles(customer.record, reader, ["approver"], by=operator),
            lambda: members.add(customer.record, "nieuw", "", ["operator"], by=operator),
            lambda: invitations.invite(customer.record, "nieuw@voorbeeld.example", ["approver"], "nl", by=operator),
        ):
            with pytest.raises(NotAllowed) as told:
                act()
            assert told.value.code == "scope-needed"
        members.set_roles(customer.record, reader, ["reader", "supplier"], by=operator)


def test_a_token_without_approve_brings_no_approver_back(customer: SampleCustomer, operator: User) -> None:
    approver, reader = add_user(customer, "approver"), add_user(customer, "reader")
    token = api_tokens.add(customer.record, "Programma", ["manage-users"], by=operator).token
    with acting.one_request():
        acting.work_by(token)
        for user in (approver, reader):
            switching.switch_off(user, by=operator)
        with pytest.raises(NotAllowed) as told:
            switching.switch_on(approver, by=operator)
        assert (told.value.code, told.value.facts["action"]) == ("scope-needed", "approve")
        switching.switch_on(reader, by=operator)
    switching.switch_on(approver, by=operator)
    assert User.objects.get(pk=approver.pk).is_active


@pytest.mark.on_postgresql
@relaxing
def test_under_two_persons_a_relaxation_waits_for_the_other(
    strict: SampleCustomer, operator: User, other: User, what: str
) -> None:
    if what == "one person for a connection":
        Connection.objects.filter(customer=strict.record).update(policies={"approver_differs": True})
    before = state_of(strict)
    RELAXING[what](strict, operator)
    if not what.startswith("a connection"):
        assert state_of(strict) == before
    (proposal,) = proposals.waiting(strict.record)
    assert {mail.to for mail in Mail.objects.filter(kind="safeguards-proposed")} >= {operator.email, other.email}
    with pytest.raises(NotAllowed) as told:
        proposals.confirm(proposal, by=operator)
    assert told.value.code == "own-proposal"
    waits = state_of(strict)
    proposals.confirm(proposal, by=other)
    assert state_of(strict) != waits
    assert proposals.waiting(strict.record) == []
    assert AuditEntry.objects.filter(action="relaxation-confirmed", user=other).exists()
    assert Mail.objects.filter(kind="safeguards-confirmed", to=operator.email).exists()
    with pytest.raises(NotAllowed):
        proposals.confirm(proposal, by=other)


# A way around a connection


LETTING_GO: dict[str, Callable[[Connection, User], object]] = {
    "removed": lambda strict, by: removing.remove(strict, by=by),
    "renamed": lambda strict, by: connections.change(strict, by=by, name="oud"),
    "another file": lambda strict, by: connections.change(strict, by=by, file_name="b.csv"),
    "another folder": lambda strict, by: connections.change(strict, by=by, folder="oud"),
    "another account": lambda strict, by: connections.change(strict, by=by, account="los"),
    "no account": lambda strict, by: connections.change(strict, by=by, account=""),
}


def add_with_file(customer: SampleCustomer, by: User, name: str, file: str, **more: Any) -> Connection:
    """A connection of the account `hr`, or another that is given."""
    return connections.add(name, customer.record, by=by, **{"account": "hr", "file_name": file, **more})


@pytest.fixture
def hr(customer: SampleCustomer, operator: User) -> FileAccount:
    accounts.add("los", customer.record, ANOTHER, by=operator)
    return accounts.add("hr", customer.record, PASSWORD, by=operator)


@pytest.mark.usefixtures("hr")
@pytest.mark.parametrize("what", LETTING_GO)
def test_the_files_of_two_persons_do_not_come_under_one(customer: SampleCustomer, operator: User, what: str) -> None:
    """Removed and added again, renamed, or moved: the file would come in where one person approves it."""
    one = add_with_file(customer, operator, "streng", "a.csv", policies={"approver_differs": True})
    with pytest.raises(NotAllowed) as told:
        LETTING_GO[what](one, operator)
    assert told.value.code == "two-persons-stay"
    assert find.connection(customer.record, "streng").file_name == "a.csv"
    connections.change(one, by=operator, schedule="daily 01:00", file_name="a*.csv")
    agree(customer, approver_differs=True)
    LETTING_GO[what](find.connection(customer.record, "streng"), operator)


@pytest.mark.usefixtures("hr")
def test_a_file_that_falls_to_the_pattern_of_another_is_judged_by_that_one(
    customer: SampleCustomer, operator: User
) -> None:
    """Two persons for the customer, and one for that connection."""
    add_with_file(customer, operator, "los", "*.csv", policies={"approver_differs": False})
    agree(customer, approver_differs=True)
    with pytest.raises(NotAllowed) as told:
        removing.remove(add_with_file(customer, operator, "streng", "a.csv"), by=operator)
    assert told.value.code == "two-persons-stay"


def take_name_and_file(customer: SampleCustomer, loose: Connection, by: User) -> None:
    """At once: the file was of one person, the name is of two."""
    agree(customer)
    add_with_file(customer, by, "patroon", "*.csv", policies={"approver_differs": False})
    agree(customer, approver_differs=True)
    connections.change(loose, by=by, name="streng", account="hr", file_name="a.csv")


TAKING: dict[str, Callable[[SampleCustomer, Connection, User], object]] = {
    "its name": lambda _, loose, by: connections.change(loose, by=by, name="streng"),
    "its file": lambda _, loose, by: connections.change(loose, by=by, account="hr", file_name="a.csv"),
    "a file": lambda _, loose, by: connections.change(loose, by=by, file_name="a.csv"),
    "a name and a file": take_name_and_file,
}


@pytest.mark.usefixtures("hr")
@pytest.mark.parametrize("what", TAKING)
def test_a_connection_of_one_person_takes_no_files_of_two(
    customer: SampleCustomer, operator: User, other: User, what: str
) -> None:
    """It asks for two persons from then on, until a second one agrees."""
    loose = add_with_file(customer, operator, "los", "b.csv", account="los", policies={"approver_differs": False})
    agree(customer, approver_differs=True)
    TAKING[what](customer, loose, operator)
    assert Connection.objects.get(pk=loose.pk).policies == {"approver_differs": True}
    (waits,) = proposals.waiting(customer.record)
    assert waits.relaxes == {"approver_differs": [True, False]}
    proposals.confirm(waits, by=other)
    assert Connection.objects.get(pk=loose.pk).policies == {"approver_differs": False}


@pytest.mark.usefixtures("hr")
def test_a_very_name_out_of_a_pattern_of_two_persons_stays_one_of_two(customer: SampleCustomer, operator: User) -> None:
    add_with_file(customer, operator, "streng", "*.csv", policies={"approver_differs": True})
    made = add_with_file(customer, operator, "los", "a.csv")
    assert made.policies == {"approver_differs": True}
    assert [one.relaxes for one in proposals.waiting(customer.record)] == [{"approver_differs": [True, False]}]


MORE_IN: dict[str, Callable[[SampleCustomer, User], object]] = {
    "another account": lambda one, by: connections.change(find.connection(one.record, "dag"), by=by, account="los"),
    "another file": lambda one, by: connections.change(find.connection(one.record, "dag"), by=by, file_name="b.csv"),
    "the file of one that is removed": lambda one, by: removing.remove(find.connection(one.record, "nacht"), by=by),
    "no TLS": lambda _, by: accounts.change(accounts.account("hr"), by=by, plain_ftp=True),
    "TLS that is cut off": lambda _, by: accounts.change(
        accounts.account("hr"), by=by, allow_missing_close_notify=True
    ),
    "TLS that is not resumed": lambda _, by: accounts.change(accounts.account("hr"), by=by, tls_resumption="never"),
}


@pytest.mark.usefixtures("hr")
@pytest.mark.parametrize("what", MORE_IN)
def test_a_standing_approval_lets_nothing_in_that_it_was_not_given_for(
    customer: SampleCustomer, operator: User, other: User, what: str
) -> None:
    """Without `approve` nothing, with it all are told, and of two persons the second one gives it."""
    add_with_file(customer, operator, "nacht", "a.csv")
    add_with_file(customer, operator, "dag", "*.csv", standing=True)
    token = api_tokens.add(customer.record, "Programma", ["deliver", "configure"], by=operator).token
    with acting.one_request(), pytest.raises(NotAllowed) as told:
        acting.work_by(token)
        MORE_IN[what](customer, operator)
    assert (told.value.code, told.value.facts["action"]) == ("scope-needed", "approve")
    agree(customer, approver_differs=True)
    try:
        MORE_IN[what](customer, operator)
    except NotAllowed as error:
        assert error.code == "standing-first"
    else:
        assert not find.connection(customer.record, "dag").standing_since
        proposals.confirm(*proposals.waiting(customer.record), by=other)
        return
    agree(customer)
    Mail.objects.all().delete()
    MORE_IN[what](customer, operator)
    assert Mail.objects.filter(kind="safeguards-relaxed", to=other.email).exists()


@pytest.mark.usefixtures("hr")
@pytest.mark.parametrize("what", ["removed", "another file"])
def test_a_file_falls_to_wider_guards_as_if_these_were_widened(
    customer: SampleCustomer, operator: User, other: User, what: str
) -> None:
    """Both go to live by themselves: the one that it leaves holds more of it than the one that it falls to."""
    add_with_file(customer, operator, "dag", "*.csv", standing=True)
    tight = add_with_file(customer, operator, "nacht", "a.csv", standing=True, guards={"created": [1, 1, 1]})
    token = api_tokens.add(customer.record, "Programma", ["deliver", "configure"], by=operator).token
    with acting.one_request(), pytest.raises(NotAllowed) as told:
        acting.work_by(token)
        removing.remove(tight, by=operator)
    assert (told.value.code, told.value.facts["action"]) == ("scope-needed", "approve")
    Mail.objects.all().delete()
    LETTING_GO[what](tight, operator)
    texts = Mail.objects.filter(kind="safeguards-relaxed", to=other.email).values_list("text", flat=True)
    assert any("dag" in text for text in texts), "of the connection that it falls to"


def test_what_is_refused_stays_as_it_was(strict: SampleCustomer, operator: User, other: User) -> None:
    before = state_of(strict)
    connections.change(the_connection(strict), by=operator, standing=True, guards=WIDE)
    (proposal,) = proposals.waiting(strict.record)
    proposals.refuse(proposal, by=other)
    assert (state_of(strict), proposals.waiting(strict.record)) == (before, [])
    assert Mail.objects.filter(kind="safeguards-refused", to=operator.email).exists()


def test_tightening_takes_effect_at_once_and_the_rest_waits(strict: SampleCustomer, operator: User) -> None:
    guards = {**WIDE, "fewer": [1, 1, 0]}
    connections.change(the_connection(strict), by=operator, guards=guards, schedule="daily 01:00")
    one = the_connection(strict)
    assert (one.guards, one.schedule) == ({"fewer": [1, 1, 0]}, "daily 01:00")
    (proposal,) = proposals.waiting(strict.record)
    assert proposal.relaxes == {"created": [[20, 500, 2], [100, 20000, 20000]]}


def test_a_proposal_does_what_it_says_or_nothing(strict: SampleCustomer, operator: User, other: User) -> None:
    connections.change(the_connection(strict), by=operator, guards=WIDE)
    (proposal,) = proposals.waiting(strict.record)
    connections.change(the_connection(strict), by=other, guards={"created": [1, 1, 1]})
    with pytest.raises(NotAllowed) as told:
        proposals.confirm(proposal, by=other)
    assert told.value.code == "proposal-outdated"
    assert the_connection(strict).guards == {"created": [1, 1, 1]}


@pytest.mark.on_postgresql
def test_the_same_proposal_waits_once_and_another_one_replaces_it(strict: SampleCustomer, operator: User) -> None:
    for guards in (WIDE, WIDE, {"created": [90, 900, 9]}):
        connections.change(the_connection(strict), by=operator, guards=guards)
    states = Proposal.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["replaced", "waiting"]


def test_a_proposal_of_who_has_left_is_not_confirmed(strict: SampleCustomer, operator: User, other: User) -> None:
    connections.change(the_connection(strict), by=operator, guards=WIDE)
    Role.objects.filter(user=operator).delete()
    (proposal,) = proposals.waiting(strict.record)
    with pytest.raises(NotAllowed) as told:
        proposals.confirm(proposal, by=other)
    assert told.value.code == "proposer-left"


def test_with_one_person_a_relaxation_applies_at_once_and_all_are_told(
    customer: SampleCustomer, connection: Connection, operator: User, other: User
) -> None:
    approver = add_user(customer, "approver")
    connections.change(connection, by=operator, standing=True, guards=WIDE)
    assert (connection.guards, connection.standing_by) == (WIDE, operator)
    mails = Mail.objects.filter(kind="safeguards-relaxed", language="en")
    assert {mail.to for mail in mails} == {operator.email, other.email, approver.email}
    assert "new dossiers: 20 % and 500 at most, 2 always → 100 % and 20,000 at most, 20,000 always" in mails[0].text
    connections.change(connection, by=operator, standing=False, guards={})
    assert mails.count() == 3, "tightening is told nobody"


def test_policies_of_the_customer_hold_for_a_connection_of_two_persons(
    customer: SampleCustomer, operator: User
) -> None:
    connections.add("streng", customer.record, by=operator, policies={"approver_differs": True})
    customer_settings.save(customer.record, {"quiet_above": 9000}, by=operator)
    assert [one.relaxes for one in proposals.waiting(customer.record)] == [{"quiet_above": [2000, 9000]}]


def test_all_who_decide_are_told_who_may_approve_from_now_on(
    customer: SampleCustomer, operator: User, other: User
) -> None:
    new = add_user(customer, "reader")
    for roles in (["reader", "supplier"], ["approver"], ["operator"]):
        members.set_roles(customer.record, new, roles, by=operator)
    assert Mail.objects.filter(kind="new-approver", to=other.email).count() == 1


# Two persons


def refused(delivery: Delivery, user: User) -> bool:
    """Whether this person may not approve it, since it is their own."""
    try:
        two_persons.refuse_own(delivery, user)
    except InstroomError:
        return True
    return False


def by_account(customer: SampleCustomer, account: FileAccount, tmp_path: Any, **more: Any) -> Delivery:
    """A file that comes in at the file server."""
    file = write_csv(tmp_path / "personen.csv", STAFF)
    return customer.carry_on(receive(file, customer.record, by=account, **more))


def test_a_file_of_an_account_is_that_of_who_manages_it(
    customer: SampleCustomer, operator: User, other: User, tmp_path: Any
) -> None:
    agree(customer, approver_differs=True)
    both, approver = add_user(customer, "supplier", "approver"), add_user(customer, "approver")
    contact, setter = add_user(customer, "approver"), add_user(customer, "operator")
    account = accounts.add("hr", customer.record, PASSWORD, by=operator)
    accounts.change(account, by=other, plain_ftp=True)
    accounts.change(account, by=setter, password=ANOTHER)
    accounts.change(account, by=setter, contact=contact.username)
    delivery = by_account(customer, account, tmp_path)
    people = (both, operator, setter, contact, other, approver)
    assert [refused(delivery, user) for user in people] == [True, True, True, True, False, False]
    with pytest.raises(NotAllowed) as told:
        decide.approve(delivery, by=both)
    assert told.value.code == "own-delivery"
    decide.approve(delivery, by=approver)


def test_handing_the_account_over_makes_a_file_nobody_elses(
    customer: SampleCustomer, operator: User, other: User, tmp_path: Any
) -> None:
    agree(customer, approver_differs=True)
    setter, both = add_user(customer, "operator"), add_user(customer, "supplier", "approver")
    account = accounts.add("hr", customer.record, PASSWORD, by=operator)
    accounts.change(account, by=setter, password=ANOTHER)
    delivery = by_account(customer, account, tmp_path, watched=True)
    accounts.change(account, by=other, password=THIRD)
    Role.objects.filter(user=both, name="supplier").delete()
    assert [refused(delivery, user) for user in (setter, both, other)] == [True, True, True]
    later = by_account(customer, account, tmp_path)
    assert [refused(later, user) for user in (setter, both, other)] == [False, False, True]


def test_nobody_gets_round_it_by_ceasing_to_be_a_supplier(
    customer: SampleCustomer, operator: User, other: User, tmp_path: Any
) -> None:
    """Who knew the password still does, until there is another one."""
    agree(customer, approver_differs=True)
    both = add_user(customer, "supplier", "operator")
    account = accounts.add("hr", customer.record, PASSWORD, by=operator)
    members.set_roles(customer.record, both, ["operator"], by=both)
    assert refused(by_account(customer, account, tmp_path), both)
    accounts.change(account, by=other, password=ANOTHER)
    assert not refused(by_account(customer, account, tmp_path), both)


def test_nobody_gets_round_it_by_correcting(customer: SampleCustomer, operator: User, tmp_path: Any) -> None:
    strict = connections.add("streng", customer.record, by=operator, policies={"approver_differs": True})
    loose = connections.add("los", customer.record, by=operator)
    one, two, three = (add_user(customer, "operator") for _ in range(3))
    file = write_csv(tmp_path / "personen.csv", STAFF)
    first = customer.carry_on(receive(file, customer.record, by=one, connection=strict))
    second = customer.carry_on(
        receive(file, customer.record, by=two, connection=loose, corrects=first, policies={"approver_differs": False})
    )
    assert [refused(second, user) for user in (one, two, three)] == [True, True, False]


def test_nobody_gets_round_it_by_undoing(customer: SampleCustomer, operator: User, tmp_path: Any) -> None:
    strict = connections.add("streng", customer.record, by=operator, policies={"approver_differs": True})
    one, two, three = (add_user(customer, "operator") for _ in range(3))
    file = customer.carry_on(
        receive(write_csv(tmp_path / "personen.csv", STAFF), customer.record, by=one, connection=strict)
    )
    decide.approve(file, by=two)
    undone = customer.carry_on(undo.undo(customer.carry_on(file), by=two))
    assert [refused(undone, user) for user in (one, two)] == [False, True]
    decide.approve(undone, by=one)
    again = customer.carry_on(undo.undo(customer.carry_on(undone), by=two))
    assert [refused(again, user) for user in (one, two, three)] == [True, True, False]


def test_nobody_gets_round_it_by_undoing_a_correction(customer: SampleCustomer, operator: User, tmp_path: Any) -> None:
    strict = connections.add("streng", customer.record, by=operator, policies={"approver_differs": True})
    loose = connections.add("los", customer.record, by=operator)
    one, two, three = (add_user(customer, "operator") for _ in range(3))
    file = write_csv(tmp_path / "personen.csv", STAFF)
    first = customer.carry_on(receive(file, customer.record, by=one, connection=strict))
    second = customer.carry_on(receive(file, customer.record, by=two, connection=loose, corrects=first))
    decide.approve(second, by=three)
    undone = customer.carry_on(undo.undo(customer.carry_on(second), by=two))
    assert [refused(undone, user) for user in (one, two, three)] == [False, True, False]


def test_without_the_policy_everybody_approves(customer: SampleCustomer, operator: User, tmp_path: Any) -> None:
    account = accounts.add("hr", customer.record, PASSWORD, by=operator)
    assert not refused(by_account(customer, account, tmp_path), operator)


# The right of who decided, at execution


def leave(user: User) -> None:
    Role.objects.filter(user=user).delete()


def close(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("go", [leave, close])
@pytest.mark.parametrize("later", [False, True])
def test_an_approval_of_who_has_left_does_not_stand(
    customer: SampleCustomer, go: Callable[[User], None], later: bool
) -> None:
    approver, next_one = add_user(customer, "approver"), add_user(customer, "approver")
    delivery = customer.deliver(STAFF)
    decide.approve(delivery, by=approver, at=timezone.now() + timedelta(days=1) if later else "now")
    go(approver)
    Delivery.objects.filter(pk=delivery.pk, state="scheduled").update(due_at=timezone.now())
    Mail.objects.all().delete()
    customer.carry_on(delivery)
    assert (delivery.state, delivery.reason, delivery.decided_by) == ("awaiting-approval", "approver-left", None)
    assert customer.snapshot() == {}
    assert Mail.objects.filter(kind="approver-left", to=next_one.email).exists()
    decide.approve(delivery, by=next_one)
    assert customer.carry_on(delivery).state == "imported"


def test_an_approval_of_ones_own_does_not_stand_once_two_persons_are_agreed_on(customer: SampleCustomer) -> None:
    both = add_user(customer, "operator")
    delivery = customer.deliver(STAFF)
    Delivery.objects.filter(pk=delivery.pk).update(delivered_by=both)
    decide.approve(Delivery.objects.get(pk=delivery.pk), by=both, at=timezone.now() + timedelta(days=1))
    agree(customer, approver_differs=True)
    Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now())
    assert customer.carry_on(delivery).reason == "approver-left"


@pytest.mark.on_postgresql
@pytest.mark.parametrize("go", [leave, close])
def test_a_standing_approval_of_who_has_left_stands_back(
    customer: SampleCustomer, connection: Connection, operator: User, other: User, go: Callable[[User], None]
) -> None:
    connections.change(connection, by=operator, standing=True)
    customer.import_(STAFF, connection="nacht")
    assert customer.deliver([*STAFF[1:], person("1", job="Coach")], connection="nacht").state == "imported"
    go(operator)
    Mail.objects.all().delete()
    held = customer.deliver([*STAFF[2:], *STAFF[:2]], connection="nacht")
    assert (held.state, held.reason) == ("held", "giver-left")
    assert Mail.objects.filter(kind="held-giver-left", to=other.email).exists()
    customer.approve(held)
    again = customer.deliver([*STAFF[3:], *STAFF[:3]], connection="nacht")
    assert again.reason == "giver-left", "an approval of one file does not renew it"
    connections.change(the_connection(customer), by=other, standing=True)
    assert the_connection(customer).standing_by == other
    customer.approve(again)
    assert customer.deliver([*STAFF[4:], *STAFF[:4]], connection="nacht").state == "imported"
    assert Mail.objects.filter(kind="safeguards-relaxed", to=other.email).exists()


def lose_roles(user: User, customer: Customer, by: User) -> None:
    for roles in (["operator", "reader"], ["reader"], []):
        members.set_roles(customer, user, roles, by=by)


def switch_off(user: User, _: Customer, by: User) -> None:
    switching.switch_off(user, by=by)


def end_site_operator(user: User, _: Customer, by: User) -> None:
    User.objects.filter(pk__in=[user.pk, by.pk]).update(is_superuser=True)
    customers.end_site_operator(User.objects.get(pk=user.pk))


@pytest.mark.parametrize("go", [lose_roles, switch_off, end_site_operator])
def test_operators_are_told_once_that_the_giver_has_left(
    customer: SampleCustomer,
    connection: Connection,
    operator: User,
    other: User,
    go: Callable[[User, Customer, User], None],
) -> None:
    connections.change(connection, by=operator, standing=True)
    go(operator, customer.record, other)
    assert Mail.objects.filter(kind="giver-left", to=other.email).count() == 1


def test_what_waits_for_its_hour_is_held_once_the_giver_has_left(
    customer: SampleCustomer, connection: Connection, operator: User
) -> None:
    connections.change(connection, by=operator, standing=True)
    customer.import_(STAFF, connection="nacht")
    agree(customer, quiet_above=0, quiet_from=f"{timezone.localtime() + timedelta(hours=2):%H}:00")
    waits = customer.deliver([*STAFF[1:], STAFF[0]], connection="nacht")
    assert (waits.state, waits.automatic) == ("scheduled", True)
    leave(operator)
    Delivery.objects.filter(pk=waits.pk).update(due_at=timezone.now())
    customer.carry_on(waits)
    assert (waits.state, waits.reason) == ("held", "giver-left")


@pytest.mark.parametrize("how", ["person", "account"])
def test_nobodys_own_file_goes_by_their_standing_approval(
    customer: SampleCustomer, connection: Connection, operator: User, other: User, how: str
) -> None:
    """Of two persons; it is looked at again when what has waited for its hour is executed."""
    connections.change(connection, by=operator, standing=True)
    customer.import_(STAFF, connection="nacht")
    by: User | FileAccount = operator
    if how == "account":
        by = accounts.add("hr", customer.record, PASSWORD, by=operator)
    agree(customer, quiet_above=0, quiet_from=f"{timezone.localtime() + timedelta(hours=2):%H}:00")
    waits = customer.deliver([*STAFF[1:], STAFF[0]], connection="nacht", by=by)
    assert waits.state == "scheduled", "with one person anybody's file goes"
    agree(customer, approver_differs=True)
    Delivery.objects.filter(pk=waits.pk).update(due_at=timezone.now())
    assert (customer.carry_on(waits).state, waits.reason) == ("held", "giver-delivered")
    held = customer.deliver([*STAFF[2:], *STAFF[:2]], connection="nacht", by=by)
    assert (held.state, held.reason) == ("held", "giver-delivered")
    assert Mail.objects.filter(kind="giver-delivered", to=other.email, delivery=held).exists()
    with pytest.raises(NotAllowed):
        decide.approve(held, by=operator)
    decide.approve(held, by=other)
    assert customer.carry_on(held).state == "imported"
    assert customer.deliver([*STAFF[3:], *STAFF[:3]], connection="nacht").state == "imported", "that of somebody else"


def test_nothing_goes_by_itself_while_a_connection_is_paused(
    customer: SampleCustomer, connection: Connection, operator: User
) -> None:
    connections.change(connection, by=operator, standing=True)
    customer.import_(STAFF, connection="nacht")
    connections.pause(connection, by=operator)
    assert customer.deliver([*STAFF[1:], STAFF[0]], connection="nacht").state == "awaiting-approval"
