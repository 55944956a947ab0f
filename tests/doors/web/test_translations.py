"""Everything that a page says exists in Dutch: the source texts are English."""

import ast
import gettext
import re
from pathlib import Path

import pytest
from tests.syntax import nodes

from instroom.doors import web

DOOR = Path(web.__file__).parent
CATALOGUE = DOOR / "locale" / "nl" / "LC_MESSAGES" / "django"
SAID = re.compile(r'{% translate "([^"]+)"(?: as \w+)? %}')
BLOCK = re.compile(r"{% blocktranslate[^%]*%}(.+?){% endblocktranslate %}", re.DOTALL)
LINE_BREAK = re.compile(r"\s*\n\s*")
CALLS = {"_", "gettext_lazy", "ngettext"}


def in_templates() -> set[str]:
    """The texts that templates say, as the catalogue names them: a `trimmed` block is one line."""
    texts = [path.read_text(encoding="utf-8") for path in DOOR.rglob("*.html")]
    blocks = [block.split("{% plural %}")[0] for text in texts for block in BLOCK.findall(text)]
    return {one for text in texts for one in SAID.findall(text)} | {
        re.sub(r"{{ (\w+) }}", r"%(\1)s", LINE_BREAK.sub(" ", block.strip())) for block in blocks
    }


def in_code() -> set[str]:
    """The texts that the code says."""
    return {
        node.args[0].value
        for path in DOOR.rglob("*.py")
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    }


@pytest.fixture(scope="module")
def dutch() -> dict[str, str]:
    """English → Dutch, as pages get it."""
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    plain = {key: text for key, text in catalogue.items() if isinstance(key, str)}
    return plain | {key[0]: text for key, text in catalogue.items() if isinstance(key, tuple) and key[1] == 0}


def test_a_text_over_several_lines_is_trimmed() -> None:
    """Else its line breaks would be part of what is translated."""
    untrimmed = re.compile(r"{% blocktranslate (?!trimmed)[^%]*%}[^{]*\n")
    assert [path.name for path in DOOR.rglob("*.html") if untrimmed.search(path.read_text(encoding="utf-8"))] == []


def test_every_text_has_its_dutch(dutch: dict[str, str]) -> None:
    assert sorted((in_templates() | in_code()) - set(dutch)) == []


def test_nothing_is_translated_that_nobody_says(dutch: dict[str, str]) -> None:
    assert sorted(set(dutch) - in_templates() - in_code() - {""}) == []


def test_the_compiled_catalogue_is_that_of_the_source(dutch: dict[str, str]) -> None:
    source = CATALOGUE.with_suffix(".po").read_text(encoding="utf-8")
    pairs = dict(re.findall(r'^msgid "(.+)"\n(?:msgid_plural ".+"\n)?msgstr(?:\[0\])? "(.+)"$', source, re.MULTILINE))
    assert pairs == {english: text for english, text in dutch.items() if english}


def test_both_languages_have_the_same_places(dutch: dict[str, str]) -> None:
    places = re.compile(r"%\(\w+\)[sd]")
    assert [key for key, text in dutch.items() if key and set(places.findall(key)) != set(places.findall(text))] == []
