"""Errors carry a code and facts; each has a sentence in both languages that uses these facts and no others."""

import ast
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

import pytest
from tests.syntax import SOURCE, nodes

from instroom.core.errors import InstroomError, LayoutError, NotAllowed
from instroom.core.language import LANGUAGES, Language
from instroom.core.wording import catalogue
from instroom.core.wording.catalogue import Catalogue, label

FOLDER = Path(catalogue.__file__).parent
ERRORS, LABELS = Catalogue(FOLDER, "errors"), Catalogue(FOLDER, "labels")
WITH_A_JOIN = ("and", "or")


class Raised(NamedTuple):
    """An error as the source makes it."""

    place: str
    code: str
    facts: frozenset[str]


def kinds_of_error(modules: list[Path]) -> set[str]:
    """The names of InstroomError and every class that stands on it."""
    classes = [node for path in modules for node in nodes(path) if isinstance(node, ast.ClassDef)]
    names, before = {"InstroomError"}, 0
    while len(names) > before:
        before = len(names)
        names |= {one.name for one in classes if any(getattr(base, "id", "") in names for base in one.bases)}
    return names


@cache
def raised() -> list[Raised]:
    modules, found = sorted(SOURCE.rglob("*.py")), []
    kinds = kinds_of_error(modules)
    for path in modules:
        for node in nodes(path):
            name = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", ""))
            if isinstance(node, ast.Call) and name == "refuse_too_often":  # with a code of the caller
                code = node.args[1]
                assert isinstance(code, ast.Constant)
                found.append(Raised(f"{path}:{node.lineno}", code.value, frozenset(("most",))))
            elif isinstance(node, ast.Call) and (_is_raised(node, kinds) or _is_of_refused(node)):
                [code] = node.args
                assert isinstance(code, ast.Constant), f"{path}:{node.lineno}: a code is written out"
                facts = frozenset(one.arg or "**" for one in node.keywords)
                found.append(Raised(f"{path}:{node.lineno}", code.value, facts))
    return found


def _is_raised(node: ast.Call, kinds: set[str]) -> bool:
    """An error with its code: where it is made, or in a class whose errors all have the same."""
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    if name == "__init__":
        return bool(node.args) and getattr(node.args[0], "value", "") in ERRORS.texts("nl")
    return name in kinds - {"TooOften", "Refused"} and bool(node.args)


def _is_of_refused(node: ast.Call) -> bool:
    """The sign-in at a provider is refused with one code, and a reason that is no code of ours."""
    return bool(node.args) and getattr(node.args[0], "value", "") == "provider-refused"


def places(text: str) -> dict[str, str]:
    """Name → how it is written, of each place in a sentence."""
    return {name: how or "" for _, name, how, _ in Formatter().parse(text) if name is not None}


def test_each_error_has_a_sentence_of_its_facts() -> None:
    wrong = [one for one in raised() if one.facts != places(ERRORS.texts("nl").get(one.code, "")).keys()]
    assert wrong == []


def test_each_sentence_is_used() -> None:
    assert ERRORS.texts("nl").keys() - {one.code for one in raised()} == set()


def test_both_languages_say_the_same() -> None:
    dutch, english = ({code: places(text) for code, text in ERRORS.texts(lang).items()} for lang in LANGUAGES)
    assert dutch == english
    assert list(dutch) == list(english)  # in the same order, so that they can be read beside each other
    assert {kind: list(words) for kind, words in LABELS.texts("nl").items()} == {
        kind: list(words) for kind, words in LABELS.texts("en").items()
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_place_is_written_in_a_way_that_there_is(lang: Language) -> None:
    known = {"", "number", "moment", *WITH_A_JOIN, *LABELS.texts(lang)}
    hows = {how for text in ERRORS.texts(lang).values() for how in places(text).values()}
    assert {how.removesuffix(" or").removesuffix(" and") for how in hows} - known == set()


@pytest.mark.parametrize(
    ("error", "dutch", "english"),
    [
        (
            NotAllowed("role-needed", user="jan", action="manage-users", customer="demo", roles=["operator", "reader"]),
            "jan mag voor demo niet gebruikers beheren: daarvoor is de rol beheerder of lezer nodig.",
            "jan may not manage users for demo: that takes the role operator or reader.",
        ),
        (
            NotAllowed("policy-records", most=100_000),
            "Schrijf een aantal regels van 0 tot en met 100.000.",
            "Write a number of records from 0 to 100,000.",
        ),
        (
            LayoutError("layout-column", layout="eigen/1", column="2 (X)", problem=LayoutError("header-not-text")),
            "indeling eigen/1, kolom 2 (X): een kop is tekst",
            "layout eigen/1, column 2 (X): a header is text",
        ),
    ],
)
def test_facts_are_written_in_the_language(error: InstroomError, dutch: str, english: str) -> None:
    assert (error.sentence("nl"), error.sentence("en"), str(error)) == (dutch, english, english)


@pytest.mark.parametrize(("kind", "code"), [("state", "unheard-of"), ("no-such-kind", "held")])
def test_a_code_without_a_label_is_a_fault_of_ours(kind: str, code: Any) -> None:
    with pytest.raises(KeyError):
        label(kind, code, "nl")
