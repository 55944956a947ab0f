"""The upgrade of a large store on SQLite: its dossiers are indexed in parts, beside who writes."""

import pytest
from django.db import connection, transaction

from instroom.flow import find
from instroom.flow.privacy.erasing import erase
from instroom.flow.queries.look_up import finds_all
from instroom.store import search_index, words_backlog
from tests.contracts.customer import SampleCustomer, company, person
from tests.contracts.indexed_words import computed, indexed

pytestmark = pytest.mark.on_sqlite_alone


def test_an_index_of_what_was_there_is_made_in_parts_beside_writers() -> None:
    customer = SampleCustomer()
    numbers = [str(number) for number in range(1, 9)]
    linde = company("1", name="De Linde")
    customer.import_([person(number, surname="Bakker") | linde for number in numbers])
    with connection.schema_editor() as editor:
        search_index.install(editor)  # as the upgrade does
    assert (indexed(), finds_all()) == ({}, False)
    by = find.user("operator")
    for _ in numbers:  # each writes among what is indexed already and what is not
        with transaction.atomic():
            connection.index_backlog(2)
        number = numbers.pop()
        renamed = [person(one, surname=f"Visser{number}") | linde for one in (*numbers[:3], number)]
        customer.import_([*renamed, person(f"9{number}", surname="Nieuw")])
        if number in ("7", "3"):
            erase(customer.record, number, "HR", "verzoek", by=by)
            customer.import_([person(f"8{number}", surname="Later")])
        assert all(words <= computed()[dossier] for dossier, words in indexed().items())
    words_backlog.index_backlog(1)
    assert finds_all()
    assert indexed() == computed()
