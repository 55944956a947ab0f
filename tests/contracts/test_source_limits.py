"""Who is limited to sources delivers, sees and decides on nothing of others (product.md G5)."""

from pathlib import Path
from typing import cast
from uuid import UUID

import pytest
from django.utils import timezone

from instroom.core.errors import NotAllowed, NotFound
from instroom.core.fields import Kind
from instroom.flow import acting, find, permissions
from instroom.flow.connections import connection_state, connections
from instroom.flow.delivery import decide, undo
from instroom.flow.file_server import accounts
from instroom.flow.operations.export import export
from instroom.flow.people import api_tokens, invitations, members
from instroom.flow.queries import history
from instroom.flow.queries.look_up import look_up, persons_of
from instroom.flow.queries.overview import overview
from instroom.flow.safeguards import proposals
from instroom.flow.source_limits import visible
from instroom.store.models import ApiToken, Delivery, FileAccount, Proposal, Role, User
from instroom.store.sql import findings
from tests.contracts.customer import Row, SampleCustomer, company, person

pytestmark = pytest.mark.on_sqlite_alone  # but for what is marked otherwise

PERSON_OF_CRM = person("9", ps="CRM")
COMPANY = company("1", name="Bedrijf")  # of CRM


@pytest.fixture
def customer() -> SampleCustomer:
    return SampleCustomer()


def limited(customer: SampleCustomer, *sources: str, name: str = "", roles: tuple[str, ...] = ("supplier",)) -> User:
    user = User.objects.create(username=f"{customer.name}-{name or 'beperkt'}")
    for role in roles:
        Role.objects.create(customer=customer.record, user=user, name=role, sources=list(sources))
    return user


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ([person("1"), person("2")], []),
        ([person("1"), PERSON_OF_CRM], [(3, "PersoonExternSource")]),
        ([person("1") | COMPANY], [(2, "BedrijfExternSource")]),
        ([person("1") | company("77")], [(2, "BedrijfExternSource")]),  # a reference to one that does not exist
        ([person("1") | company("77", cs="HR", name="Eigen"), COMPANY], [(3, "BedrijfExternSource")]),
        ([person("1", ps=" HR ")], []),
        ([person("1", ps="hr")], [(2, "PersoonExternSource")]),
        # It is linked to a company of CRM: the row would end that.
        pytest.param([person("5")], [(2, None)], marks=pytest.mark.on_postgresql),
        ([person("5") | company("77", cs="HR", name="Eigen")], [(2, None)]),
        ([person("9", ps="CRM", born="onzin", p="1,23E+11")], [(2, "PersoonExternSource")]),
    ],
)
def test_a_record_of_another_source_is_an_error(
    customer: SampleCustomer, rows: list[Row], faults: list[tuple[int, str | None]]
) -> None:
    customer.import_([person("5") | COMPANY, PERSON_OF_CRM])
    before = customer.snapshot()
    delivery = customer.deliver(rows, by=limited(customer, "HR"))
    found = [(item.row, item.column) for item in findings.stored(delivery) if item.code == "source-not-allowed"]
    assert found == faults
    assert delivery.state == ("rejected" if faults else "awaiting-approval")
    assert customer.snapshot() == before


def test_a_record_of_another_source_is_left_out_where_that_is_the_policy(customer: SampleCustomer) -> None:
    rows = [person(str(number)) for number in range(20)] + [PERSON_OF_CRM | {"surname": "Vreemd"}]
    delivery = customer.deliver(rows, by=limited(customer, "HR"), on_error="skip")
    customer.approve(delivery)
    assert {key[0] for _, key in customer.snapshot()} == {"HR"}
    assert {key[0] for _, key in customer.snapshot("training")} == {"HR"}


@pytest.mark.on_postgresql
def test_a_resemblance_with_a_dossier_of_another_source_is_not_told(customer: SampleCustomer) -> None:
    alike = {"surname": "Tweeling", "born": "01-02-1990", "first": "Ans"}
    customer.import_([person("9", ps="CRM", **alike)])
    codes = customer.codes(customer.deliver([person("1", **alike)], by=limited(customer, "HR")))
    assert codes == []
    assert customer.codes(customer.deliver([person("2", **alike)])) != []


@pytest.mark.parametrize("through", ["role", "token", "account", "connection", "account of connection"])
def test_every_limit_holds_and_two_without_a_source_in_common_leave_none(
    customer: SampleCustomer, through: str
) -> None:
    user = limited(customer, *(["HR"] if through == "role" else []))
    account = FileAccount.objects.create(customer=customer.record, name=customer.name, made_at=timezone.now())
    connection = customer.record.connections.create(name="hr", account=account, file_name="personen.csv")
    token = ApiToken(user=user, customer=customer.record, name="p", scopes=["deliver"])
    holder = {"token": token, "account": account, "connection": connection, "account of connection": account}
    if through in holder:
        holder[through].sources = ["HR"]
    account.save()
    connection.save()

    def state_of(row: Row, named: str | None) -> str:
        with acting.one_request():
            if through == "token":
                acting.work_by(token)
            delivery = customer.receive([row], by=account if through == "account" else user, connection=named)
        return customer.carry_on(delivery).state

    named = "hr" if "connection" in through else None
    assert [state_of(row, named) for row in (person("1"), PERSON_OF_CRM)] == ["awaiting-approval", "rejected"]
    other = customer.record.connections.create(name="crm", file_name="bedrijven.csv", sources=["CRM"])
    if through == "connection":
        other.account = FileAccount.objects.create(
            customer=customer.record, name="x" + customer.name, made_at=timezone.now(), sources=["HR"]
        )
    if through == "account of connection":
        other.account = account
    other.save()
    assert [state_of(row, "crm") for row in (person("2"), PERSON_OF_CRM)] == ["rejected", "rejected"]


def test_what_came_in_under_a_limit_keeps_it(customer: SampleCustomer) -> None:
    user = limited(customer, "HR")
    delivery = customer.receive([PERSON_OF_CRM], by=user)
    Role.objects.filter(user=user).update(sources=[])
    assert customer.carry_on(delivery).state == "rejected"


@pytest.mark.on_postgresql
def test_a_delivery_is_seen_and_decided_on_by_who_has_all_its_sources(customer: SampleCustomer) -> None:
    both = customer.import_([person("1") | COMPANY])
    of_hr = customer.deliver([person("2")])
    relinked = customer.deliver([person("1") | company("77", cs="HR", name="Eigen")])  # ends a link with CRM
    nameless = customer.deliver([person("3"), person("4", ps="")])
    user = limited(customer, "HR", roles=("supplier", "approver"))
    own = customer.deliver([person("3"), PERSON_OF_CRM], by=user)
    unread = customer.receive([person("8")])
    free = limited(customer, name="vrij")
    before = customer.receive([PERSON_OF_CRM], by=free)
    Role.objects.filter(user=free).update(sources=["HR"])

    def seen(by: User) -> set[Delivery]:
        return set(visible(Delivery.objects.filter(customer=customer.record), customer.record, by))

    assert seen(user) == {of_hr, own}
    assert before not in seen(free)  # came in without a limit
    assert seen(limited(customer, "HR", name="ander", roles=("reader",))) == {of_hr}
    assert seen(limited(customer, "HR", "CRM", name="beide", roles=("reader",))) == {of_hr, both, relinked}
    assert seen(limited(customer, name="onbeperkt", roles=("reader",))) == {
        both,
        of_hr,
        relinked,
        nameless,
        own,
        unread,
        before,
    }
    for action in (decide.approve, undo.undo, decide.withdraw):
        with pytest.raises(NotAllowed, match="sources other than yours"):
            action(both, by=user)  # type: ignore[operator]
    with pytest.raises(NotAllowed, match="sources other than yours"):
        decide.refuse(relinked, "nee", by=user)
    customer.carry_on(of_hr)
    decide.approve(of_hr, by=user)
    assert customer.carry_on(of_hr).state == "imported"
    undone = undo.undo(of_hr, by=user)
    assert undone in seen(user)
    Role.objects.filter(user=user).update(sources=["CRM"])  # from now on
    assert seen(user) == {before}


@pytest.mark.on_postgresql
def test_a_delivery_with_findings_that_name_dossiers_of_another_source_is_not_seen(customer: SampleCustomer) -> None:
    alike = {"surname": "Tweeling", "born": "01-02-1990", "first": "Ans"}
    customer.import_([person("9", ps="CRM", **alike), person("5") | COMPANY])
    of_hr, resembling, linked = (customer.deliver([row]) for row in (person("2"), person("1", **alike), person("5")))
    assert customer.codes(resembling) == [("possible-duplicate", 2)]
    assert customer.codes(linked) == [("person-unlinked", 2)]
    assert overview(customer.record, by=limited(customer, "HR", roles=("reader",))).waiting == [of_hr]
    both = limited(customer, "HR", "CRM", name="beide", roles=("reader",))
    assert overview(customer.record, by=both).waiting == [of_hr, resembling, linked]


def test_of_a_connection_the_deliveries_of_others_are_not_seen(customer: SampleCustomer) -> None:
    one = customer.record.connections.create(name="hr", file_name="personen.csv")
    mine = customer.receive([person("1")], connection="hr")
    theirs = customer.receive([person("2")], by=limited(customer, name="ander"), connection="hr")
    for delivery in (mine, theirs):
        one.runs.create(local_date=delivery.received_at, due_at=delivery.received_at, delivery=delivery, state="taken")
    supplier = find.user("supplier")
    assert connection_state.files_of(one, by=supplier) == [mine]
    assert [run.delivery for run in connection_state.runs_of(one, by=supplier)] == [None, mine]
    assert [run.delivery for run in connection_state.runs_of(one, by=None)] == [theirs, mine]


@pytest.mark.on_postgresql
def test_of_other_sources_nothing_is_seen(customer: SampleCustomer, tmp_path: Path) -> None:
    """Each sight of dossiers, of somebody limited to HR. What is of CRM is called Vreemd, and has its own key."""
    strange = {"surname": "Vreemd", "email": "vreemd@voorbeeld.example"}
    customer.import_([person("1", first="Eigen") | company("c-vreemd", name="Vreemd BV"), person("2")])
    customer.import_([person("1") | company("77", cs="HR", name="Eigen BV")])
    customer.import_([person("3", email="vreemd@voorbeeld.example") | company("c-vreemd", name="Vreemd BV")])
    customer.import_([person("x9", ps="CRM", **strange) | company("77", cs="HR", name="Eigen BV")])
    reader, place = limited(customer, "HR", roles=("reader", "exporter", "supplier")), customer.environment()
    for text in ("Vreemd", "x9", "vreemd@voorbeeld.example", "c-vreemd", "Ans Vreemd"):
        found = look_up(place, text, by=reader)
        assert [one.stored.key for one in found if one.stored.key[0] != "HR"] == [], text
        assert "vreemd" not in str([(one.name, one.company) for one in found]).lower()
    assert [one.name for one in look_up(place, "Eigen", by=reader)] == ["Eigen BV", "Eigen Voorbeeld"]
    own = history.dossier(place, "company", "HR", "77", by=reader)
    assert own.persons == persons_of(place, own.stored, by=reader).total == 1
    moved = history.dossier(place, "person", "HR", "1", by=reader)
    past = history.document(moved, list(history.history(place, moved.stored, by=reader)))
    assert [one["link"] for one in past["history"]] == [["linked", None, None], ["relinked", None, "77"]]
    assert history.dossier(place, "person", "HR", "3", by=reader).company is None
    for kind, key in (("person", "x9"), ("company", "c-vreemd")):
        with pytest.raises(NotFound):
            history.dossier(place, cast(Kind, kind), "CRM", key, by=reader)
        with pytest.raises(NotFound):
            stored = history.dossier(place, cast(Kind, kind), "CRM", key, by=find.user("reader")).stored
            history.dossier_by_id(place, cast(Kind, kind), UUID(stored.id), by=reader)
    done = export(place, tmp_path / "uit.csv", by=reader)
    text = done.files[0].read_text("utf-8-sig")
    assert done.rows == 3 and "Eigen BV" in text
    assert "Vreemd" not in text and "CRM" not in text
    assert [(one.companies, one.persons) for one in overview(customer.record, by=reader).environments] == [(1, 3)] * 2


def test_roles_keep_their_sources_until_others_are_named(customer: SampleCustomer) -> None:
    operator, owner = find.user("operator"), customer.record
    user = members.add(owner, f"{customer.name}-nieuw", "", ["supplier"], by=operator, sources=[" HR ", "HR", ""])

    def limits() -> dict[str, list[str]]:
        return dict(Role.objects.filter(user=user).values_list("name", "sources"))

    assert limits() == {"supplier": ["HR"]}
    members.set_roles(owner, user, ["supplier", "approver"], by=operator)
    assert limits() == {"supplier": ["HR"], "approver": ["HR"]}
    for roles, sources in ((["operator"], None), (["operator", "supplier"], ["CRM"])):
        with pytest.raises(NotAllowed, match="operator cannot be limited"):
            members.set_roles(owner, user, roles, by=operator, sources=sources)
    members.set_roles(owner, user, ["supplier"], by=operator, sources=["CRM", "HR"])
    assert limits() == {"supplier": ["CRM", "HR"]}
    members.set_roles(owner, user, ["operator"], by=operator, sources=[])
    assert limits() == {"operator": []}
    for wrong in (["x" * 61], ["a\0b"], [str(number) for number in range(101)]):
        with pytest.raises(NotAllowed, match="as they stand in ExternSource"):
            members.set_roles(owner, user, ["supplier"], by=operator, sources=wrong)
    invited = invitations.invite(owner, "nieuw@voorbeeld.example", ["reader"], "nl", by=operator, sources=["HR"])
    again = invitations.send_again(owner, invited.pk, by=operator)
    assert (again.roles, again.sources) == (["reader"], ["HR"])


def test_a_form_that_changes_no_limit_widens_none(customer: SampleCustomer) -> None:
    """It shows the sources of all roles together, and gives them back as it had them."""
    owner, user, operator = customer.record, limited(customer, "HR"), find.user("operator")
    Role.objects.create(customer=owner, user=user, name="reader", sources=["CRM"])
    shown = members.person(owner, user.pk)
    members.set_roles(owner, user, [*shown.roles, "approver"], by=operator, sources=shown.sources)
    limits = dict(Role.objects.filter(customer=owner, user=user).values_list("name", "sources"))
    assert limits == {"supplier": ["HR"], "reader": ["CRM"], "approver": ["CRM", "HR"]}
    members.set_roles(owner, user, ["supplier", "reader"], by=operator, sources=["HR"])
    assert set(map(tuple, Role.objects.filter(customer=owner, user=user).values_list("sources", flat=True))) == {
        ("HR",)
    }


def test_who_approved_and_was_limited_since_has_not_approved(customer: SampleCustomer) -> None:
    approver = limited(customer, roles=("approver",))
    delivery = customer.deliver([PERSON_OF_CRM])
    decide.approve(delivery, by=approver)
    Role.objects.filter(user=approver).update(sources=["HR"])
    assert (customer.carry_on(delivery).state, delivery.reason) == ("awaiting-approval", "approver-left")


def test_a_limited_approver_decides_on_no_safeguard(customer: SampleCustomer) -> None:
    asked = {"customer": customer.record, "relaxes": {}, "settings": {}, "asked_by": find.user("operator")}
    proposal = Proposal.objects.create(**asked, asked_at=timezone.now())
    approver = limited(customer, "HR", roles=("approver",))
    for decision in (proposals.confirm, proposals.refuse):
        with pytest.raises(NotAllowed, match="about all of them"):
            decision(proposal, by=approver)


def test_who_is_limited_does_only_what_is_about_dossiers(customer: SampleCustomer) -> None:
    """A role of operator that was limited all the same, and a token of an operator that is."""
    owner, operator = customer.record, find.user("operator")
    assert permissions.rights_of(limited(customer, "HR", roles=tuple(Role.NAMES)), owner) == permissions.OF_SOURCES
    with pytest.raises(NotAllowed, match="limited to sources can have these scopes alone"):
        api_tokens.add(owner, "p", ["read", "configure"], by=operator, sources=["HR"])
    made = api_tokens.add(owner, "p", ["read", "manage-tokens"], by=operator, sources=["HR", "CRM"])
    within = api_tokens.holder(made.secret)
    assert within is not None
    with acting.one_request():
        acting.work_by(made.token)
        assert api_tokens.add(owner, "q", ["read"], by=operator, within=within).token.sources == ["CRM", "HR"]
        assert api_tokens.add(owner, "q", ["read"], by=operator, within=within, sources=["HR"]).token.sources == ["HR"]
        with pytest.raises(api_tokens.BeyondToken):
            api_tokens.add(owner, "q", ["read"], by=operator, within=within, sources=["ANDERS"])


@pytest.mark.on_postgresql
def test_accounts_and_connections_are_limited_by_an_operator(customer: SampleCustomer) -> None:
    owner, operator = customer.record, find.user("operator")
    account = accounts.add(customer.name, owner, "een-lang-woord-7", by=operator, sources=["HR"])
    one = connections.add("nacht", owner, by=operator, account=account.name, file_name="a.csv", sources=["HR", "HR "])
    assert (account.sources, one.sources) == (["HR"], ["HR"])
    assert connections.change(one, by=operator, sources=[]) == ["sources"]
    reader = limited(customer, "HR", roles=("reader",))
    assert connections.of_customer(owner, by=reader) == [one]  # its account is limited still
    assert accounts.change(account, by=operator, sources=["CRM"])
    assert connections.of_customer(owner, by=reader) == []
    with pytest.raises(NotFound):
        find.connection(owner, "nacht", of=reader)


@pytest.mark.on_postgresql
def test_a_supplier_sees_their_own_deliveries_and_looks_nothing_up(customer: SampleCustomer) -> None:
    other = limited(customer, name="ander")
    mine = customer.import_([person("1")])
    theirs = customer.import_([person("2")], by=other)
    account = FileAccount.objects.create(customer=customer.record, name=customer.name, made_at=timezone.now())
    of_program = customer.deliver([person("3")], by=account)
    undone = customer.undo(mine)
    supplier = find.user("supplier")

    def seen(by: User) -> set[Delivery]:
        return set(overview(customer.record, by=by).recent)

    assert seen(supplier) == {mine, of_program, undone}
    assert seen(other) == {theirs, of_program}
    account.contact = other
    account.save()
    assert seen(supplier) == {mine, undone}
    Role.objects.filter(user=other).delete()  # has left: somebody must see to what is there
    assert seen(supplier) == {mine, theirs, of_program, undone}
    with pytest.raises(NotAllowed):
        look_up(customer.environment(), "Voorbeeld", by=supplier)
    Role.objects.create(customer=customer.record, user=supplier, name="reader")
    assert look_up(customer.environment(), "Voorbeeld", by=supplier)
