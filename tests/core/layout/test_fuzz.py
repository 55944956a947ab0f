"""Whatever a layout file holds: a layout with which templates can be made, or a sentence about what is wrong."""

import tomllib
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import strategies as st
from lxml import etree
from tests.core.fuzz.test_fuzz import mutations, mutilated
from tests.fuzzing import fuzz, scalars, texts

from instroom.core.errors import LayoutError
from instroom.core.layout import standard
from instroom.core.layout.descriptions import comment
from instroom.core.layout.own_layouts import build, load
from instroom.core.write.xsd import xsd

FILES = [path.read_bytes() for path in Path(standard.__file__).parent.glob("standard.*.toml")] + [
    (Path(__file__).parents[2] / "deliveries" / "marker-layout" / "marker.v1.toml").read_bytes()
]
TOKENS = [
    "name", "version", "columns", "header", "block", "field", "type", "max_length", "choices", "required", "nl", "=",
    "= ", "\n", "[", "]", "[[", "]]", "{", "}", ",", ".", '"', "'", '"""', "#", "inf", "nan", "true", "1979-05-27",
    "07:32:00", "0x", "1_000", "9" * 5000, "[" * 20_000, "{a=" * 20_000, "a." * 20_000, '"\\uD800"', '"\\U00110000"',
    "standard", "company", "person", "marker", "extern_id", "free_fields.1.value", "categories.0.group", "\0", "\xff",
]  # fmt: skip
LAYOUTS = [tomllib.loads(file.decode()) for file in FILES]
KEYS = ["header", "block", "field", "type", "max_length", "choices", "required", "personal", "nl", "en"]
WORDS = [float("inf"), float("nan"), "choice", "date", "text", "marker", "company", "yes"]
FIELDS = [column["field"] for column in LAYOUTS[0]["columns"]]
values = scalars | st.sampled_from([*WORDS, *FIELDS])
values |= st.lists(values, max_size=3) | st.dictionaries(texts, values, max_size=2)
values = values.filter(lambda value: "\\ud" not in ascii(value))  # TOML has no surrogates


class Change(NamedTuple):
    """A value of a column that is another one, or is missing (KeyError)."""

    column: int
    key: str
    value: Any


class Changed(NamedTuple):
    """A sound layout with other values here and there."""

    number: int
    columns: list[Change]
    layout: dict[str, Any]

    def data(self) -> dict[str, Any]:
        data = deepcopy(LAYOUTS[self.number])
        for place, key, value in self.columns:
            column = data["columns"][place % len(data["columns"])]
            column[key] = deepcopy(value)
            if value is KeyError:
                del column[key]
        return data | self.layout


files: st.SearchStrategy[bytes | Changed] = st.one_of(
    st.builds(mutilated, st.sampled_from(FILES), mutations),
    st.lists(st.sampled_from(TOKENS) | texts, max_size=30).map(lambda all: "".join(all).encode(errors="ignore")),
    st.builds(
        Changed,
        st.integers(0, len(LAYOUTS) - 1),
        st.lists(st.builds(Change, st.integers(0, 80), st.sampled_from(KEYS), values | st.just(KeyError)), max_size=4),
        st.just({}) | st.dictionaries(st.sampled_from(["name", "version", "columns"]), values, max_size=1),
    ),
)


def of_a_file(folder: Path) -> Callable[[bytes | Changed], None]:
    path = folder / "eigen.toml"

    def judge(content: bytes | Changed) -> None:
        try:
            if isinstance(content, bytes):
                path.write_bytes(content)
                layout = load(path)
            else:
                layout = build(content.data())
        except LayoutError as error:
            assert all(len(error.sentence(lang)) > 20 for lang in ("nl", "en"))
        else:
            assert all(comment(column, lang) for column in layout.columns for lang in ("nl", "en"))
            etree.XMLSchema(etree.fromstring(xsd(layout).encode()))

    return judge


def test_some_layout_files(tmp_path: Path) -> None:
    fuzz(files, of_a_file(tmp_path), examples=20)


@pytest.mark.slow
def test_many_layout_files(tmp_path: Path) -> None:
    fuzz(files, of_a_file(tmp_path))
