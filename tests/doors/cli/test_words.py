"""What the command line says: each text is there in both languages, with the facts that it gets, and is said."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from tests.syntax import nodes

from instroom.doors import cli
from instroom.doors.cli.output.words import WORDS

pytestmark = pytest.mark.unstored

SOURCE = Path(cli.__file__).parent
SPEAKING = {"phrase", "WrongUse", "Broken"}


def places(text: str) -> set[tuple[str, str | None]]:
    return {(name, how) for _, name, how, _ in Formatter().parse(text) if name is not None}


def calls() -> Iterator[ast.Call]:
    for path in sorted(SOURCE.rglob("*.py")):
        for node in nodes(path):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SPEAKING:
                yield node


def test_both_languages_say_the_same() -> None:
    dutch, english = ({code: places(text) for code, text in WORDS.texts(lang).items()} for lang in ("nl", "en"))
    assert dutch == english
    assert list(dutch) == list(english)


def test_each_text_gets_its_facts() -> None:
    wrong = []
    for call in calls():
        code, given = call.args[0], {one.arg for one in call.keywords}
        if isinstance(code, ast.Constant) and None not in given:
            wanted = {name for name, _ in places(WORDS.texts("nl")[code.value])}
            wrong += [(code.value, wanted, given)] if wanted != given else []
    assert wrong == []


def test_each_text_is_said() -> None:
    texts = {
        node.value
        for path in SOURCE.rglob("*.py")
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    begins = {text for text in texts if text.endswith("-")}
    unsaid = [code for code in WORDS.texts("nl") if code not in texts and not code.startswith(tuple(begins))]
    assert unsaid == []
