"""The case files' examples that depend on what an environment holds: stored first, then delivered."""

import csv
from pathlib import Path

import pytest

from instroom.core.findings import CATALOGUE
from instroom.store.sql import findings
from tests.contracts.customer import SampleCustomer
from tests.spec.files import full_rows, write_example
from tests.spec.loading import Example, as_found, stored_cases

EXAMPLES = list(stored_cases())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_gives_what_it_says(example: Example, tmp_path: Path) -> None:
    customer = SampleCustomer()
    _store(customer, example, tmp_path)
    file_format = example.formats[0]
    path = write_example(example, file_format, tmp_path)
    delivery = customer.deliver(path, **example.policies._asdict())
    expected = [item._replace(severity=item.severity or CATALOGUE[item.code].severity) for item in example.expect]
    assert sorted(map(as_found, findings.stored(delivery)), key=str) == sorted(expected, key=str)


def test_each_code_that_depends_on_the_store_has_examples() -> None:
    assert {example.code for example in EXAMPLES} >= {
        "company-unknown", "person-unlinked", "person-identity-changed", "possible-duplicate", "required-missing",
        "value-leading-zero",
    }  # fmt: skip


def _store(customer: SampleCustomer, example: Example, folder: Path) -> None:
    rows = full_rows(example._replace(table=example.stored))
    if len(rows) > 1:
        path = folder / "eerder.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows)
        customer.import_(path)
