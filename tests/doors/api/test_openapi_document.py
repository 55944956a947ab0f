"""What programs that make clients, and the clients they make, need of the OpenAPI document."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from instroom.core.model import Policies
from instroom.core.retention import Retention
from instroom.doors.api.openapi import document
from instroom.flow.policies import Approval

made = cache(document)
"""Made where a test runs: it takes most of a second, and every process of a run loads this module."""


def schemas() -> dict[str, Any]:
    return made()["components"]["schemas"]


def operations() -> list[dict[str, Any]]:
    return [operation for methods in made()["paths"].values() for operation in methods.values()]


def changes() -> list[dict[str, Any]]:
    return [methods["patch"] for methods in made()["paths"].values() if "patch" in methods]


def within(schema: Any) -> Iterator[dict[str, Any]]:
    """The schema and all within it, also where it refers to another."""
    if isinstance(schema, list):
        for one in schema:
            yield from within(one)
    elif isinstance(schema, dict):
        yield schema
        if "$ref" in schema:
            yield from within(schemas()[schema["$ref"].rpartition("/")[2]])
        for one in schema.values():
            yield from within(one)


def sent(operation: dict[str, Any]) -> list[Any]:
    """The schemas of what an operation takes."""
    return [one["schema"] for one in operation.get("requestBody", {}).get("content", {}).values()]


def answered(operation: dict[str, Any]) -> list[Any]:
    """The schemas of what an operation answers."""
    responses = [one for one in operation["responses"].values() if "$ref" not in one]
    return [one["schema"] for response in responses for one in response.get("content", {}).values()]


def test_a_partial_update_has_no_defaults_and_requires_nothing() -> None:
    for operation in changes():
        (schema,) = sent(operation)
        assert not [one for one in within(schema) if "default" in one], operation["operationId"]
        sets = schemas()[schema["$ref"].rpartition("/")[2]]
        assert "required" not in sets, operation["operationId"]
        for name, field in sets["properties"].items():
            assert {"type": "null"} in field["anyOf"], (operation["operationId"], name)
            assert field["description"].endswith("Null: it keeps its value."), (operation["operationId"], name)


def test_what_is_sent_to_make_and_to_change_shares_no_schema() -> None:
    creating = [sent(operation)[0] for operation in operations() if operation["operationId"].startswith("create_")]
    changing = [sent(operation)[0] for operation in changes()]
    assert creating
    assert changing
    assert not [one for one in creating if one in changing]


def test_no_content_has_a_default() -> None:
    """A client would send it for the user, and go on doing so when it is another."""
    for operation in operations():
        assert not [one for schema in sent(operation) for one in within(schema) if "default" in one]


def test_an_answer_may_have_more_later() -> None:
    for operation in operations():
        for schema in answered(operation):
            assert not [one for one in within(schema) if one.get("additionalProperties") is False]


def test_what_is_sent_is_strict() -> None:
    for operation in operations():
        objects = [one for schema in sent(operation) for one in within(schema) if "properties" in one]
        assert all(one["additionalProperties"] is False for one in objects)


def test_each_object_has_a_name() -> None:
    """Tools name what has none after its place, and that name may be another's."""
    for name, schema in schemas().items():
        for one in within(schema.get("properties", {})):
            assert "$ref" in one or one.get("type") != "object" or one in schemas().values(), name
    for operation in operations():
        for schema in (*sent(operation), *answered(operation)):
            assert "$ref" in schema or schema.get("format") == "binary"


def test_the_first_media_type_is_one_that_tools_read_as_it_is() -> None:
    """As text, which is what they would take a CSV file for, a workbook is broken."""
    for operation in operations():
        for response in operation["responses"].values():
            first = next(iter(response.get("content", {})), "application/json")
            assert first in ("application/json", "application/octet-stream")


def test_names_of_schemas_differ_by_more_than_capitals() -> None:
    assert len({name.lower() for name in schemas()}) == len(schemas())


@pytest.mark.parametrize("name", ["Policies", "PolicySettings", "CustomerPolicies", "CustomerPolicyChanges"])
def test_each_policy_can_be_seen_and_set(name: str) -> None:
    periods = Retention._fields if name.startswith("Customer") else ()
    assert set(schemas()[name]["properties"]) == {*Policies._fields, *Approval._fields, *periods}
