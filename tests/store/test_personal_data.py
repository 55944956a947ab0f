"""Every column of every model is declared: what it says of persons, or that it says nothing (product.md G3)."""

import pytest
from django.apps import apps

from instroom.core.fields import FIELDS
from instroom.flow.privacy.privacy_map import NONE, as_html, as_markdown, columns_to_declare, declared, privacy_map

pytestmark = [pytest.mark.unstored]


def test_every_column_is_declared_once_and_none_that_is_not_there() -> None:
    wrong = {}
    for model in apps.get_app_config("store").get_models():
        columns = [column for listed in declared().get(model.__name__, {}).values() for column in listed]
        wanted = sorted(column for column, kind in columns_to_declare(model).items() if not kind)
        if sorted(columns) != wanted:
            wrong[model.__name__] = (sorted(set(wanted) - set(columns)), sorted(set(columns) - set(wanted)))
    assert wrong == {}, "declare these in store/models/personal_data.toml, or take them out"
    kinds = {kind for own in declared().values() for kind in own if isinstance(own.get(kind), list)}
    assert kinds - {NONE} <= set(declared()["kinds"])


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_map_has_it_all(lang) -> None:  # type: ignore[no-untyped-def] # a Language
    found = privacy_map(lang)
    assert {one["kind"] for one in found["processing"]} == set(declared()["kinds"])
    persons = {one["column"] for one in found["database"] if one["table"] == "store_person"}
    assert {name.replace(".", "_") for name in FIELDS["person"]} <= persons
    for page in (as_markdown(lang), as_html(lang)):
        assert all(word in page for word in ("PersoonGeboortedatum", "store_change", "scratch/"))
