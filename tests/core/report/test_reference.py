"""The reference pages of the findings: a page for each code, from the catalogue, the sentences and the case files."""

from pathlib import Path

import pytest

from instroom.core.findings import CATALOGUE
from instroom.core.language import LANGUAGES, Language
from instroom.core.report.reference import INDEX, pages
from instroom.core.report.sentences import sentences, title

CASE = r"""
scope = "cell"
severity = "error"

[why]
nl = "Een datum die geraden wordt, is vaak de verkeerde."
en = "A date that is guessed is often the wrong one."

[[passes]]
nl = "Een datum."
en = "A date with <b>markup</b>."
text = "PersoonGeboortedatum\r\n01-02-1980\u001b\r\n"

[[fails]]
nl = "Een dag die er niet is."
en = "A day that does not exist."
table = '''
PersoonExternId | PersoonGeboortedatum
1               | 31-02-1980
                | "a\u0000`<b>"
'''
policies = { blank = "clear" }
repeat = 1200
expect = [{ code = "value-date", row = 2, column = "PersoonGeboortedatum", other_rows = [3] }, { code = "file-empty" }]
"""


@pytest.fixture
def made(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "value-date.toml").write_text(CASE, encoding="utf-8")
    return pages(tmp_path)


def test_every_code_has_a_page_and_a_line_in_the_index(made: dict[str, str]) -> None:
    assert set(made) == {INDEX, *(f"docs/reference/findings/{code}.md" for code in CATALOGUE)}
    for code in CATALOGUE:
        assert f"[`{code}`](findings/{code}.md)" in made[INDEX]
    assert all(text.startswith("<!-- Generated") and text.endswith("\n") for text in made.values())


def test_a_page_shows_words_and_examples(made: dict[str, str]) -> None:
    page = made["docs/reference/findings/value-date.md"]
    for text in (
        "*error*, in Dutch *fout*: about a cell.",
        "**Why.** A date that is guessed is often the wrong one.",
        "**Waarom.** Een datum die geraden wordt, is vaak de verkeerde.",
        "| 2 | `1` | `31-02-1980` |",
        "Policy: `blank` clear.",
        "The last row 1,200 times.",
        '| 3 |  | `` "a\\u0000`<b>" `` |',
        "- `value-date`: row 2, `PersoonGeboortedatum`, with row 3",
        "- `file-empty`: the file",
        "01-02-1980␛",
        r"A date with \<b>markup\</b>.",
    ):
        assert text in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_holds_every_sentence(made: dict[str, str], lang: Language) -> None:
    for code in CATALOGUE:
        page = made[f"docs/reference/findings/{code}.md"].replace("\\", "")
        assert title(code, lang) in page, code
        for wrong, remedy in sentences(code, lang):
            assert wrong in page, code
            assert remedy in page, code
            assert "{" not in wrong + remedy, code
