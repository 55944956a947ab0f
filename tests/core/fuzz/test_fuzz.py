"""Mutilated files of the three formats: always a sound table or findings of the catalogue, never an exception."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.fuzz.seeds import CSV_FILES, XML_FILES, whole_workbook, workbook_parts, zipped
from tests.core.fuzz.sound import read_soundly

from instroom.core.model import Limits

SPECIAL = [
    b"\0", b"\xff", b"\xfe", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\xed\xa0\x80", b"\xf0\x9f", b"\x85", b"\x1a", b"\x1c",
    b"\r", b"\n", b"\r\n", b"\n\n", b";", b";;;;;", b'"', b'""', b'";"', b",", b"\t", b"sep=,\n", b"a" * 50,
    b"<", b">", b"&", b"&#0;", b"&#x110000;", b"&a;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?", b"<!DOCTYPE a>",
    b"<Regel>", b"</Regel>", b"<Regel/>", b"<Bedrijf>", b"<Persoon/>", b"<Naam>", b' xmlns="a"', b' xmlns:b="c"',
    b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"\xff\xff\xff\xff", b"-1", b"99999999999", b"1E999",
    b"NaN", b"<row>", b"<c>", b"<v>", b"<is>", b"<t>", b"<f/>", b' t="s"', b' t="d"', b' s="9"', b' r="XFE1"', b' r=""',
]  # fmt: skip
LIMITS = Limits(records=5, cell_characters=40, columns=64, xml_depth=8)

Mutation = tuple[float, int, bytes]
"""Where (share of the file), how many bytes go, and what comes instead."""

mutations: st.SearchStrategy[list[Mutation]] = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.sampled_from([0, 0, 1, 1, 2, 5, 40]),
        st.sampled_from(SPECIAL) | st.binary(max_size=4) | st.just(b""),
    ),
    min_size=1,
    max_size=6,
)


def mutilated(content: bytes, changes: list[Mutation]) -> bytes:
    for where, gone, instead in changes:
        at = int(where * len(content))
        content = content[:at] + instead + content[at + gone :]
    return content


spliced = st.builds(
    lambda a, b, cut_a, cut_b: a[: int(cut_a * len(a))] + b[int(cut_b * len(b)) :],
    st.sampled_from([*CSV_FILES, *XML_FILES]),
    st.sampled_from([*CSV_FILES, *XML_FILES]),
    st.floats(0, 1),
    st.floats(0, 1),
)


def assert_all_read_soundly(content: bytes, name: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ontvangen"
        read_soundly(path, content, name)
        read_soundly(path, content, name, LIMITS)


def fuzz_csv(examples: int) -> Callable[[], None]:
    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(st.builds(mutilated, st.sampled_from(CSV_FILES), mutations))
    def run(content: bytes) -> None:
        assert_all_read_soundly(content, "a.csv")

    return run


def fuzz_xml(examples: int) -> Callable[[], None]:
    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(st.builds(mutilated, st.sampled_from(XML_FILES), mutations))
    def run(content: bytes) -> None:
        assert_all_read_soundly(content, "a.xml")

    return run


def fuzz_splices(examples: int) -> Callable[[], None]:
    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(spliced)
    def run(content: bytes) -> None:
        assert_all_read_soundly(content, "a.txt")

    return run


def fuzz_zip(examples: int) -> Callable[[], None]:
    """The bytes of the zip itself."""
    whole = whole_workbook()

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(mutations)
    def run(changes: list[Mutation]) -> None:
        assert_all_read_soundly(mutilated(whole, changes), "a.xlsx")

    return run


def fuzz_workbook(examples: int) -> Callable[[], None]:
    """One part of the workbook, in a zip that is whole."""
    parts = {name: part.encode() for name, part in workbook_parts().items()}
    weighted = [*parts, *["xl/worksheets/sheet1.xml"] * 6, *["xl/styles.xml", "xl/sharedStrings.xml"] * 2]

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(weighted), mutations)
    def run(name: str, changes: list[Mutation]) -> None:
        changed = {**parts, name: mutilated(parts[name], changes)}
        assert_all_read_soundly(zipped(changed), "a.xlsx")

    return run


FUZZERS = [fuzz_csv, fuzz_xml, fuzz_splices, fuzz_zip, fuzz_workbook]


@pytest.mark.parametrize("fuzzer", FUZZERS, ids=lambda fuzzer: fuzzer.__name__)
def test_mutilated_files(fuzzer: Callable[[int], Callable[[], None]]) -> None:
    fuzzer(150)()


@pytest.mark.slow
@pytest.mark.parametrize("fuzzer", FUZZERS, ids=lambda fuzzer: fuzzer.__name__)
def test_many_mutilated_files(fuzzer: Callable[[int], Callable[[], None]]) -> None:
    fuzzer(10_000)()
