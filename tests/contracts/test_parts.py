"""Nothing falls out between versions: a file with only the records that were faulty is put in the version before it."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from instroom.core.check.judges.vat import passes_eleven
from instroom.core.errors import NotAllowed, NotFound
from instroom.core.keys import key
from instroom.core.layout.standard import standard
from instroom.core.write.delivery_file import write_records
from instroom.flow import delivery_document, erasures, find
from instroom.flow.delivery import advance, content, decide, merging, receive
from instroom.flow.delivery.answer import answer_of
from instroom.flow.delivery.completing import confirm_complete, deliver_alone
from instroom.flow.delivery.forget import delete_forgotten, forget_file
from instroom.flow.delivery.part_names import part_name
from instroom.flow.delivery.reports import BeingMade, make_asked
from instroom.flow.delivery.versions import compared, versions_of
from instroom.flow.earlier_versions import part_lines
from instroom.flow.privacy.erasing import erase
from instroom.store import models
from instroom.store.files import delivered_files, kept_reports
from instroom.store.sql import findings
from tests.contracts.customer import SHORT, Row, SampleCustomer, person

LAYOUT = standard()
FAULT = "31-02-1980"


def rows_of(*rows: Row) -> list[list[str]]:
    named = [{SHORT[name]: value for name, value in row.items()} for row in rows]
    return [[row.get(header, "") for header in LAYOUT.headers] for row in named]


def people(*faulty: int, count: int = 8) -> list[dict[str, str]]:
    return [
        person(f"P{one}", first=f"Voor {one}", born=FAULT if one in faulty else "01-02-1980") for one in range(count)
    ]


def deliver(
    customer: SampleCustomer, rows: list[dict[str, str]], folder: Path, form: str = "csv", **options: object
) -> models.Delivery:
    path = folder / f"personen.{form}"
    write_records(path, form, LAYOUT, rows_of(*rows))  # type: ignore[arg-type]
    return customer.carry_on(receive.receive(path, customer.record, **{"by": find.user("supplier"), **options}))


@pytest.fixture
def customer() -> SampleCustomer:
    return SampleCustomer()


@pytest.mark.on_postgresql
@pytest.mark.parametrize("form", ["csv", "xlsx", "xml"])
def test_faulty_records_out_corrected_and_delivered_are_the_whole_file_corrected(
    customer: SampleCustomer, tmp_path: Path, form: str
):
    first = deliver(customer, people(2, 5), tmp_path, form)
    out = tmp_path / f"deel.{form}"
    assert answer_of(first, at_once=True).write("rejected", out)
    mended = people()
    write_records(out, form, LAYOUT, rows_of(mended[2], mended[5]))  # type: ignore[arg-type]
    sent = out.read_bytes()
    second = receive.receive(out, customer.record, by=find.user("supplier"), corrects=first)
    customer.carry_on(second)
    assert (second.state, second.counts["records"]) == ("awaiting-approval", 8)
    assert second.merged == {
        "before": str(first.pk), "replaced": 2, "kept": 6, "sha256": second.merged["sha256"],
    }  # fmt: skip
    as_received = delivery_document.as_received(second)
    assert (as_received["state"], as_received["merged"]) == ("received", None)
    with delivered_files.in_memory(second.file_key, second.sha256) as kept:
        assert kept.read_bytes() == sent, "what was delivered stays as it is"
    whole = deliver(SampleCustomer(), mended, tmp_path, form)
    assert list(findings.stored(second)) == list(findings.stored(whole)) == []
    plans = [one.plans.get(environment__name="live") for one in (second, whole)]
    assert plans[0].totals == plans[1].totals
    assert plans[0].digest == plans[1].digest
    assert customer.approve(second, at="now").state == "imported"
    assert len(customer.snapshot()) == 8


def test_a_part_of_a_part_and_in_another_format(customer: SampleCustomer, tmp_path: Path):
    first = deliver(customer, people(2, 5), tmp_path)
    mended, still = people(), people(5)
    second = deliver(customer, [mended[2], still[5]], tmp_path, "xlsx", corrects=first)
    assert (second.state, second.merged["replaced"], second.merged["kept"]) == ("rejected", 2, 6)
    assert [(one.row, one.code) for one in findings.stored(second)] == [(7, "value-date")]
    third = deliver(customer, [mended[5]], tmp_path, "xml", corrects=second)
    assert (third.state, third.counts["records"]) == ("awaiting-approval", 8)
    assert third.merged["before"] == str(second.pk)
    again = deliver(customer, [mended[2], mended[5]], tmp_path, corrects=third)  # the first one once more
    assert (again.counts["records"], again.merged["replaced"]) == (8, 2)


def test_a_part_is_put_in_the_last_version_that_was_read(customer: SampleCustomer, tmp_path: Path):
    first = deliver(customer, people(2), tmp_path)
    nonsense = tmp_path / "onzin.csv"
    nonsense.write_text("niets", encoding="utf-8")
    second = receive.receive(nonsense, customer.record, by=find.user("supplier"), corrects=first)
    assert customer.carry_on(second).state == "rejected"
    third = deliver(customer, [people()[2]], tmp_path, corrects=second)
    assert (third.counts["records"], third.merged["before"]) == (8, str(first.pk))


def test_under_skip_the_part_takes_the_place_of_what_was_left_out(customer: SampleCustomer, tmp_path: Path):
    first = deliver(customer, people(2), tmp_path, policies={"on_error": "skip", "skip_limit_percent": 50})
    assert first.state == "awaiting-approval"
    second = deliver(customer, [people()[2]], tmp_path, corrects=first)
    first.refresh_from_db()
    assert (first.state, second.state, second.counts["records"]) == ("superseded", "awaiting-approval", 8)


def test_who_says_that_the_file_is_complete_gets_it_as_it_is(customer: SampleCustomer, tmp_path: Path):
    first = deliver(customer, people(2), tmp_path)
    second = deliver(customer, [people()[2]], tmp_path, corrects=first, complete=True)
    assert (second.merged, second.counts["records"], second.state) == (None, 1, "awaiting-approval")
    third = deliver(customer, people(2), tmp_path, corrects=second)
    assert (third.merged, third.state) == (None, "rejected")


def test_the_whole_is_personal_data_and_goes_with_the_file(customer: SampleCustomer, tmp_path: Path):
    first = deliver(customer, people(2), tmp_path)
    second = deliver(customer, [people()[2]], tmp_path, corrects=first)
    whole = delivered_files.kept(content.whole_file_key(second))
    assert whole.exists()
    assert whole.key_id() is not None, "sealed"
    assert second.kept_bytes >= second.bytes + whole.size()
    assert kept_reports.bytes_of(second.file_key) >= whole.size()
    forget_file(second)
    delete_forgotten()
    assert not whole.exists()
    with pytest.raises(NotFound):
        answer_of(second, at_once=True)


def test_where_the_version_before_is_kept_no_longer_nothing_is_merged(customer: SampleCustomer, tmp_path: Path):
    first = deliver(customer, people(2), tmp_path)
    forget_file(first)
    second = deliver(customer, [people()[2]], tmp_path, corrects=first)
    assert (second.merged, second.reason, second.counts["records"]) == (None, "fewer-than-before", 1)


def test_the_whole_file_is_in_no_language(customer: SampleCustomer, tmp_path: Path):
    first = deliver(customer, people(2), tmp_path)
    second = deliver(customer, [people()[2]], tmp_path, corrects=first)
    asked = answer_of(second, by=find.user("supplier"), patience=0)
    with pytest.raises(BeingMade):
        asked.report("whole", ".csv", "en")
    make_asked()
    with asked.report("whole", ".csv", "en").opened() as english, asked.report("whole", ".csv").opened() as dutch:
        assert english.read() == dutch.read() != b""


def test_rows_that_the_format_of_the_whole_cannot_hold_are_named(customer: SampleCustomer, tmp_path: Path):
    path = tmp_path / "breed.csv"
    write_records(path, "csv", LAYOUT, rows_of(*people(2)))
    with path.open("a", encoding="utf-8") as file:
        file.write(";".join(["x"] * (len(LAYOUT.headers) + 1)) + "\r\n")
    first = customer.carry_on(receive.receive(path, customer.record, by=find.user("supplier")))
    part = deliver(customer, [people()[2]], tmp_path, "xlsx", corrects=first)
    answer = answer_of(part, at_once=True)
    assert part.merged["kept"] == 8
    assert answer.rows_not_held("whole", ".xlsx") == [10]
    assert answer.rows_not_held("whole", ".csv") == []


def test_no_old_values_come_back_where_a_newer_file_went_ahead(customer: SampleCustomer, tmp_path: Path):
    first = deliver(customer, people(2), tmp_path)
    newer = deliver(customer, [one | {"first": "Nieuw"} for one in people()], tmp_path)
    part = deliver(customer, [people()[2]], tmp_path, name=part_name(first, ".csv"))
    assert (part.corrects, part.merged, part.reason) == (first, None, "fewer-than-before"), "it waits for an approver"
    decide.refuse(newer, "verkeerd bestand", by=find.user("approver"))
    deliver(customer, [people()[2], person("Q1")], tmp_path)  # names nobody of whom the older values would be kept
    again = deliver(customer, [people()[2]], tmp_path, corrects=part)
    assert (again.merged["before"], again.merged["kept"]) == (str(first.pk), 7), "what was refused passed nothing"


def test_who_is_limited_to_sources_gets_nothing_of_others_by_a_part(customer: SampleCustomer, tmp_path: Path):
    user = models.User.objects.create(username=f"{customer.name}-beperkt")
    for role in ("supplier", "reader"):
        models.Role.objects.create(customer=customer.record, user=user, name=role, sources=["HR"])
    first = deliver(customer, [*people(2), person("9", ps="CRM")], tmp_path)
    of_hr = deliver(customer, people(2, count=4), tmp_path, corrects=first)
    with pytest.raises(NotAllowed):
        deliver(customer, [people()[2]], tmp_path, by=user, corrects=first)
    ordinary = deliver(customer, [people()[2]], tmp_path, by=user, name=part_name(first, ".csv"))
    assert ordinary.corrects is None, "the name of a file gives no right"
    part = deliver(customer, [people()[2]], tmp_path, by=user, corrects=of_hr)
    assert (part.merged["before"], part.counts["records"]) == (str(of_hr.pk), 4)
    of_all = deliver(customer, [*people(2), person("9", ps="CRM")], tmp_path, corrects=part)
    stranger = deliver(customer, [people()[2]], tmp_path, by=user, corrects=part)
    assert (stranger.corrects, stranger.merged["before"]) == (of_all, str(part.pk)), "the newest has a record of CRM"


def test_who_is_limited_to_sources_corrects_a_source_that_was_mistyped(customer: SampleCustomer, tmp_path: Path):
    user = models.User.objects.create(username=f"{customer.name}-beperkt")
    models.Role.objects.create(customer=customer.record, user=user, name="supplier", sources=["HR"])
    first = deliver(customer, [*people(count=3), person("9", ps="HRM")], tmp_path, by=user)
    part = deliver(customer, [person("9")], tmp_path, by=user, name=part_name(first, ".csv"))
    assert (first.state, part.state, part.merged["kept"]) == ("rejected", "awaiting-approval", 3)


def test_who_is_erased_goes_from_the_whole_and_does_not_come_back_by_it(customer: SampleCustomer, tmp_path: Path):
    customer.approve(deliver(customer, people(), tmp_path), at="now")
    first = deliver(customer, people(2, 5), tmp_path)
    second = deliver(customer, [people()[2], people(5)[5]], tmp_path, corrects=first)
    assert (first.state, second.state, second.merged["kept"]) == ("rejected", "rejected", 6)
    gone = erase(customer.record, "P0", "HR", "verzoek", by=find.user("operator"))
    assert [first, second] == gone[1:], "also the one whose delivered file does not name the person"
    assert not delivered_files.kept(content.whole_file_key(second)).exists()
    third = deliver(customer, [people()[5]], tmp_path, corrects=second)
    assert (third.merged, third.reason) == (None, "fewer-than-before")


def test_a_person_erased_since_the_version_before_stays_out(customer: SampleCustomer, tmp_path: Path):
    first = deliver(customer, people(2), tmp_path)
    erasures.note_erased(customer.record, key("HR", "P0"), "verzoek", None)
    second = deliver(customer, [people()[2]], tmp_path, corrects=first)
    assert (second.merged["kept"], second.reason) == (7, "erased")
    customer.approve(second, at="now")
    assert {one for _, (_, one) in customer.snapshot()} == {f"p{one}" for one in range(1, 8)}


def test_citizen_service_numbers_in_a_part_do_not_hide_among_the_numbers_of_the_whole(
    customer: SampleCustomer, tmp_path: Path
):
    numbers = [f"{one:09}" for one in range(123_000_000, 123_001_000)]
    ordinary, private = ([one for one in numbers if passes_eleven(one) is wanted] for wanted in (False, True))
    sent = [one | {"department": number} for one, number in zip(people(*range(9), count=100), ordinary, strict=False)]
    first = deliver(customer, sent, tmp_path)
    mended = [one | {"department": number} for one, number in zip(people(count=9), private, strict=False)]
    second = deliver(customer, mended, tmp_path, corrects=first)
    assert (first.reason, second.reason, second.merged) == ("errors", "bsn", None)


@pytest.mark.parametrize("place", ["_keep", "_save_merged"])
def test_a_process_that_ends_in_the_middle_leaves_nothing_that_counts(
    customer: SampleCustomer, tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
):
    first = deliver(customer, people(2), tmp_path)
    real = getattr(merging, place)

    def ends(*args: object) -> None:
        real(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(merging, place, ends)
    with pytest.raises(KeyboardInterrupt):
        deliver(customer, [people()[2]], tmp_path, corrects=first)
    monkeypatch.undo()
    second = models.Delivery.objects.latest("number")
    assert second.state == "checking"
    while advance.advance(customer.record):
        pass
    second.refresh_from_db()
    assert (second.state, second.counts["records"]) == ("awaiting-approval", 8)
    assert second.audit.filter(action="merged").count() == 1


def test_a_list_of_versions_reads_each_of_them_once(customer: SampleCustomer, tmp_path: Path):
    one = deliver(customer, people(0, 1, count=3), tmp_path)
    for number in range(4):
        one = deliver(customer, [*people(0, count=2), person("9", job=str(number))], tmp_path, corrects=one)
    found = list(models.Delivery.objects.filter(customer=customer.record).select_related("customer", "connection"))
    with CaptureQueriesContext(connection) as queries:
        assert len(delivery_document.documents(found)) == 5
    assert len(queries) == 1, "that of their plans"


def test_what_a_killed_process_left_is_not_kept_where_nothing_is_merged_after_all(
    customer: SampleCustomer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    first = deliver(customer, people(2), tmp_path)

    def ends(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(merging, "_save_merged", ends)
        deliver(customer, [people()[2]], tmp_path, corrects=first)
    second = models.Delivery.objects.latest("number")
    whole = delivered_files.kept(content.whole_file_key(second))
    assert whole.exists()
    forget_file(first)
    assert customer.carry_on(second).merged is None
    assert not whole.exists()


@pytest.mark.on_postgresql
def test_a_version_with_fewer_records_is_held_and_says_how_many(customer: SampleCustomer, tmp_path: Path):
    models.User.objects.filter(username="approver").update(email="approver@voorbeeld.example")
    first = deliver(customer, people(2), tmp_path)
    second = deliver(customer, people(count=5), tmp_path, corrects=first)
    assert (second.state, second.reason, second.merged) == ("held", "fewer-than-before", None)
    assert second.audit.get(action="held-fewer").facts == {"records": 3}
    assert delivery_document.document(second)["fewer_records"] == 3
    line = (
        "Let op: dit bestand heeft 3 regels minder dan de vorige versie."
        " Wie daarin stond en hier niet, wordt niet geïmporteerd."
    )
    assert part_lines(second, "nl") == [line]
    assert line in models.Mail.objects.get(delivery=second, kind="held-fewer").text
    again = deliver(customer, people(count=5), tmp_path, corrects=second)
    second.refresh_from_db()
    assert (again.reason, second.state) == ("fewer-than-before", "superseded"), "the same again is no answer"
    assert customer.approve(again, at="now").state == "imported"


@pytest.mark.parametrize("goes_on", ["confirmed", "approved", "refused"])
def test_while_it_is_held_the_version_before_stays(customer: SampleCustomer, tmp_path: Path, goes_on: str):
    first = deliver(customer, people(), tmp_path)
    held = deliver(customer, people(count=5), tmp_path, corrects=first)
    first.refresh_from_db()
    assert (first.state, held.state) == ("awaiting-approval", "held")
    if goes_on == "confirmed":
        confirm_complete(held, by=find.user("supplier"))
    elif goes_on == "approved":
        decide.approve(held, by=find.user("approver"))
    else:
        decide.refuse(held, "te weinig", by=find.user("approver"))
        assert customer.approve(first).state == "imported"
        return
    first.refresh_from_db()
    assert (first.state, first.audit.get(action="superseded").facts["by"]) == ("superseded", str(held.pk))


def test_the_supplier_says_that_it_is_complete(customer: SampleCustomer, tmp_path: Path):
    models.User.objects.filter(username="approver").update(email="approver@voorbeeld.example")
    first = deliver(customer, people(2), tmp_path)
    held = deliver(customer, people(count=5), tmp_path, corrects=first)
    with pytest.raises(NotAllowed):
        confirm_complete(held, by=find.user("approver"))
    confirm_complete(held, by=find.user("supplier"))
    assert (held.state, held.reason, held.complete) == ("held", "said-complete", True)
    assert held.audit.get(action="said-complete").user == find.user("supplier")
    assert delivery_document.document(held)["fewer_records"] == 3, "who approves is still told"
    mail = models.Mail.objects.get(delivery=held, kind="said-complete")
    assert (mail.to, "3 regels minder" in mail.text) == ("approver@voorbeeld.example", True)
    with pytest.raises(NotAllowed):
        confirm_complete(held, by=find.user("supplier"))
    smaller = deliver(customer, people(count=5), tmp_path, corrects=held)
    assert smaller.state == "awaiting-approval", "beside a complete version it has as many"


def test_no_standing_approval_lets_a_version_with_fewer_records_go(customer: SampleCustomer, tmp_path: Path):
    connection = models.Connection.objects.create(
        customer=customer.record, name="nacht", standing_since=timezone.now(), standing_by=find.user("approver")
    )
    whole = deliver(customer, people(), tmp_path, connection=connection)
    assert customer.approve(whole, at="now").state == "imported"
    first = deliver(customer, people(2), tmp_path, connection=connection)
    second = deliver(customer, people(count=7), tmp_path, corrects=first)
    assert (first.state, second.state, second.reason) == ("rejected", "held", "fewer-than-before")
    third = deliver(customer, people(count=7), tmp_path, corrects=second, complete=True)
    assert third.reason != "fewer-than-before"


def test_the_records_of_a_part_alone(customer: SampleCustomer, tmp_path: Path):
    first = deliver(customer, people(2), tmp_path)
    merged = deliver(customer, [people()[2]], tmp_path, corrects=first)
    assert part_lines(merged, "nl") == ["1 regel vervangen, 7 ongewijzigd overgenomen uit de vorige versie."]
    alone = customer.carry_on(deliver_alone(merged, by=find.user("supplier")))
    assert (alone.sha256, alone.merged, alone.counts["records"]) == (merged.sha256, None, 1)
    assert alone.state == "awaiting-approval"
    beside = compared(alone, versions_of(alone))
    assert beside and not beside.same_file, "it has other records"
    with pytest.raises(NotAllowed):
        deliver_alone(alone, by=find.user("supplier"))


@pytest.mark.on_postgresql
def test_the_name_of_a_file_of_faulty_records_remembers_its_delivery(customer: SampleCustomer, tmp_path: Path):
    first, other = deliver(customer, people(2), tmp_path), SampleCustomer()
    name = part_name(first, ".csv")
    assert name == f"personen.regels-met-fout.{first.pk.hex[-12:]}.csv"
    stranger = deliver(other, [people()[2]], tmp_path, name=name)
    assert (stranger.corrects, stranger.state) == (None, "awaiting-approval"), "of another customer"
    second = deliver(customer, [people()[2]], tmp_path, name=name.replace(".csv", " (1).csv").upper())
    assert (second.corrects, second.counts["records"], second.state) == (first, 8, "awaiting-approval")
    assert part_name(second, ".csv") == f"PERSONEN (1).regels-met-fout.{second.pk.hex[-12:]}.csv"
    customer.approve(second, at="now")
    third = deliver(customer, [people()[2]], tmp_path, name=name)
    assert (third.corrects, third.state) == (None, "awaiting-approval"), "what is in live is not corrected"


def test_under_skip_what_comes_after_the_import_is_a_delivery_of_its_own(customer: SampleCustomer, tmp_path: Path):
    first = deliver(customer, people(2), tmp_path, policies={"on_error": "skip", "skip_limit_percent": 50})
    assert customer.approve(first, at="now").state == "imported"
    second = deliver(customer, [people()[2]], tmp_path, name=part_name(first, ".csv"))
    assert (second.corrects, second.merged, second.reason) == (None, None, "")
    assert customer.approve(second, at="now").state == "imported"
    assert len(customer.snapshot()) == 8
