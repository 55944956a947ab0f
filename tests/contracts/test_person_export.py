"""A person gets all that is known of them, and nothing of anybody else (product.md G3)."""

import json
from typing import Any

import pytest

from instroom.core.errors import NotAllowed, NotFound
from instroom.core.report.person_page import person_page
from instroom.flow import find
from instroom.flow.privacy.erasing import erase
from instroom.flow.privacy.person_document import person_document
from instroom.flow.queries import history
from instroom.store.models import AuditEntry, Delivery
from tests.contracts.customer import SampleCustomer, company, person
from tests.kept_files import path_of

OURS = {"born": "1980-02-01", "email": "eigen@voorbeeld.example", "group": "Rol", "category": "Docent"}


def exported(customer: SampleCustomer, extern_id: str, source: str | None = None) -> dict[str, Any]:
    return person_document(customer.record, extern_id, source, "nl", by=find.user("operator"))


def test_the_way_of_a_person() -> None:
    customer = SampleCustomer()
    other = person("2", first="Ander", surname="Iemand")
    customer.import_([person("1", first="Oud", **OURS) | company("7", name="Werkgever"), other])
    second = customer.import_([person("1", first="Nieuw", free="VrijveldA", value="bijzonder"), other])
    customer.undo(second)
    rejected = customer.deliver([person("1", first="Afgekeurd", born="31-02-1980"), person("3", born="31-02-1980")])
    waiting = customer.deliver([person("1", first="Gepland"), person("2", first="Anders")])
    kept = customer.environment()
    history.dossier(kept, "person", "HR", "1", by=find.user("reader"))
    history.dossier(kept, "person", "HR", "2", by=find.user("reader"))

    document = exported(customer, "1")

    live = document["dossiers"]["live"]
    assert (live["fields"]["first_name"], live["fields"]["date_of_birth"]) == ("Oud", "1980-02-01")
    assert (live["categories"], live["company"]) == ([["Rol", "Docent"]], {"source": "CRM", "extern_id": "7"})
    assert [(one["environment"], one["state"], tuple(one["fields"]["first_name"])) for one in document["history"]] == [
        ("training", "imported", ("", "Oud")), ("live", "imported", ("", "Oud")),
        ("training", "undone", ("Oud", "Nieuw")), ("live", "undone", ("Oud", "Nieuw")),
        ("training", "imported", ("Nieuw", "Oud")), ("live", "imported", ("Nieuw", "Oud")),
        ("training", "imported", ("Oud", "Gepland")), ("live", "planned", ("Oud", "Gepland")),
    ]  # fmt: skip
    named = document["deliveries"]
    assert [(one["state"], [dict(row["cells"])["PersoonVoornaam"] for row in one["rows"]]) for one in named] == [
        ("imported", ["Oud"]), ("undone", ["Nieuw"]), ("imported", []),
        ("rejected", ["Afgekeurd"]), ("awaiting-approval", ["Gepland"]),
    ]  # fmt: skip
    assert [one["delivery"] for one in named[-2:]] == [str(rejected.pk), str(waiting.pk)]
    [fault] = named[3]["findings"]
    assert (fault["row"], fault["value"]) == (2, "31-02-1980")
    assert [(one["by"], one["action"]) for one in document["seen"]] == [
        ("reader", "dossier-seen"), ("operator", "person-exported"),
    ]  # fmt: skip
    text = json.dumps(document)
    assert not any(word in text for word in ("Ander", "Iemand"))
    for lang, heading in (("nl", "Wie deze gegevens heeft ingezien"), ("en", "Who looked at these data")):
        page = person_page(document, lang)  # type: ignore[arg-type]
        assert all(word in page for word in (heading, "Oud", "Nieuw", "Afgekeurd", "Gepland", "bijzonder", "reader"))


@pytest.mark.on_sqlite_alone
def test_who_is_meant() -> None:
    """The key in any spelling; the source where it is needed; and nobody where there is nobody."""
    customer = SampleCustomer()
    customer.import_([person("a1"), person("a1", ps="CRM", first="Ander"), person("b2", ps="CRM")])
    customer.deliver([person("weg", born="31-02-1980")])
    assert exported(customer, "A1", "HR")["dossiers"]["live"]["extern_id"] == "a1"
    assert exported(customer, "B2")["source"] == "CRM"
    assert [len(one["rows"]) for one in exported(customer, "WEG", "HR")["deliveries"]] == [1]
    for key, code in ((["a1"], "person-ambiguous"), (["weg"], "no-person"), (["b2-b2"], "no-person")):
        with pytest.raises(NotFound) as refused:
            exported(customer, *key)
        assert refused.value.code == code
    assert exported(SampleCustomer(), "a1", "HR")["deliveries"] == []


@pytest.mark.on_sqlite_alone
def test_who_may() -> None:
    customer = SampleCustomer()
    customer.import_([person("1")])
    for name in ("supplier", "approver", "reader"):
        with pytest.raises(NotAllowed):
            person_document(customer.record, "nobody", None, "nl", by=find.user(name))
    assert not AuditEntry.objects.filter(action="person-exported").exists()


@pytest.mark.on_sqlite_alone
def test_values_of_files_are_text_on_the_page() -> None:
    customer = SampleCustomer()
    customer.deliver([person("1", surname="<script>alert(1)</script>")])
    assert "<script>" not in person_page(exported(customer, "1"), "nl")


@pytest.mark.on_sqlite_alone
def test_a_file_that_cannot_be_read_any_more_stops_nobody() -> None:
    customer = SampleCustomer()
    delivery = customer.import_([person("1")])
    path_of(delivery.file_key).write_bytes(b"damaged")
    [named] = exported(customer, "1")["deliveries"]
    assert (named["file_kept"], named["rows"], named["findings"]) == (False, [], [])
    Delivery.objects.update(layout="oud/1")
    assert erase(customer.record, "1", None, "Op verzoek", by=find.user("operator")) == [delivery]
