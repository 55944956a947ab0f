"""What the documents say must be so: links, commands, files, settings, dependencies and words."""

import json
import re
import shlex
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import click
from bench.herd import page as herd_page
from bench.load import page as load_page

from instroom.doors.cli.command_loader import Commands
from instroom.flow.delivery.states import TRANSITIONS

ROOT = Path(__file__).parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
OF_PEOPLE = [page for page in PAGES if not page.read_text(encoding="utf-8").startswith("<!-- Generated")]

INSTROOM = click.Context(Commands(name="instroom"), info_name="instroom")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
INLINE = re.compile(r"`([^`\n]+)`")
PATH_LIKE = re.compile(r"^[a-z][\w.-]*(/[\w.-]*[A-Za-z][\w.-]*)+/?$|^[\w-]+\.(py|toml|md|html)$")
NAME_LIKE = re.compile(r"^[A-Za-z]\w*(\.[A-Za-z]\w*)*(\(\))?$")
OF_THE_CODE = [page for page in PAGES if page.parent.name in ("adr", "explanation", ROOT.name, "docs")]


def text_of(page: Path) -> str:
    """The page as text."""
    return page.read_text(encoding="utf-8")


def name_of(page: Path) -> str:
    """How a page is named where it is wrong."""
    return str(page.relative_to(ROOT))


def prose_of(page: Path) -> str:
    """The page without its blocks of code."""
    return FENCE.sub("", text_of(page))


@cache
def anchors_of(page: Path) -> set[str]:
    """The names under which a page's headings can be linked to."""
    headings = re.findall(r"^#+ (.+)$", prose_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def console_lines(page: Path) -> list[str]:
    """What a reader would type: the lines after `$`, or the name of a machine and `$`, in blocks of console."""
    blocks = [body for language, body in FENCE.findall(text_of(page)) if language == "console"]
    return [line for body in blocks for line in re.findall(r"^\w*\$ (.*)$", body, re.MULTILINE)]


def commands_of(page: Path) -> list[list[str]]:
    """Every `instroom …` of a page, in blocks and in the running text, as words without comments."""
    inline = INLINE.findall(prose_of(page))
    lines = [shlex.split(line, comments=True) for line in (*console_lines(page), *inline) if "instroom " in line]
    return [words[1:] for words in lines if words and Path(words[0]).name == "instroom"]


LINKS = sorted({(page, link) for page in PAGES for link in LINK.findall(prose_of(page)) if "://" not in link})


def test_a_link_leads_somewhere() -> None:
    assert [f"{name_of(page)}: {link}" for page, link in LINKS if not leads_somewhere(page, link)] == []


def test_a_table_is_whole() -> None:
    """A blank line ends a table: the rows behind it would be shown as text."""
    torn = re.compile(r"\n\n(\|.*)\n(?!\|[ :]*-)")
    assert [f"{name_of(page)}: {row[:60]}" for page in PAGES for row in torn.findall(prose_of(page))] == []


def leads_somewhere(page: Path, link: str) -> bool:
    """Whether the file of a link is one of the project, and has its anchor."""
    name, _, anchor = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    return target.exists() and target.is_relative_to(ROOT) and (not anchor or anchor in anchors_of(target))


@cache
def paths() -> frozenset[str]:
    """Every file and folder of the project, and each end of its path: `flow/find.py` is `src/instroom/flow/find.py`."""
    tops = ("src", "docs", "tests", "scripts", "bench", "deploy")
    found = [path.relative_to(ROOT) for top in tops for path in (ROOT / top, *(ROOT / top).rglob("*"))]
    found += [path.relative_to(ROOT) for path in ROOT.iterdir() if path.is_file()]
    return frozenset("/".join(path.parts[start:]) for path in found for start in range(len(path.parts)))


@cache
def words_of_the_code() -> frozenset[str]:
    """Every word that stands in a file of the code, the tests or the tools."""
    tops = ("src", "tests", "scripts", "bench")
    files = [path for top in tops for path in (ROOT / top).rglob("*") if path.suffix in (".py", ".toml", ".html")]
    files += [ROOT / "Makefile", ROOT / "pyproject.toml"]
    return frozenset(word for path in files for word in re.findall(r"\w+", text_of(path)))


def named_in(page: Path) -> list[str]:
    """What stands in code letters on a page, but for what is struck through."""
    return INLINE.findall(re.sub(r"~~.*?~~", "", prose_of(page)))


def test_a_file_that_is_named_exists() -> None:
    for page in OF_PEOPLE:
        named = {word.rstrip("/") for word in named_in(page) if PATH_LIKE.match(word) and not word.startswith("/")}
        assert sorted(named - paths()) == [], name_of(page)


def test_a_name_of_the_code_exists() -> None:
    """Functions, classes and settings: names with a dot, an underscore or a capital within; tests are pyftpdlib's."""
    for page in OF_THE_CODE:
        named = {word.removesuffix("()") for word in named_in(page) if NAME_LIKE.match(word) and word[:5] != "test_"}
        names = {part for word in named if re.search(r"[._]|[a-z][A-Z]", word) for part in word.split(".")}
        assert sorted(names - words_of_the_code()) == [], name_of(page)


def test_a_test_that_is_named_as_evidence_exists() -> None:
    for page in (ROOT / "docs" / "explanation" / "threats.md", ROOT / "docs" / "reference" / "asvs.md"):
        cells = re.findall(r"`(tests/[^`]+)`((?:,? `test_\w+`)*)", text_of(page))
        named = [(file, test) for file, tests in cells for test in re.findall(r"\w+", tests) or ["none is named"]]
        assert named
        assert [one for one in named if f"def {one[1]}(" not in text_of(ROOT / one[0])] == [], name_of(page)


def test_each_requirement_of_the_asvs_has_its_evidence() -> None:
    """70 of level 1 and 183 of level 2, in the order of ASVS 5.0.0; the page counts them rightly."""
    page = text_of(ROOT / "docs" / "reference" / "asvs.md")
    rows = re.findall(r"^\| V([\d.]+) \| ([12]) \| .+ \| (holds|partly|no|n/a) \| (.+) \|$", page, re.MULTILINE)
    numbers = [tuple(map(int, row[0].split("."))) for row in rows]
    assert numbers == sorted(set(numbers))
    assert len(rows) == len(re.findall(r"^\| V", page, re.MULTILINE))
    assert Counter(row[1] for row in rows) == {"1": 70, "2": 183}
    told = re.findall(r"\d+", page.partition("Of ")[2].partition("(n/a)")[0])
    met = Counter(row[2] for row in rows)
    assert [int(number) for number in told] == [len(rows), met["holds"], met["partly"], met["no"], met["n/a"]]


def test_a_command_can_be_given() -> None:
    """Each word is a command, and each option is one of that command's; the values are examples."""
    for page in OF_PEOPLE:
        for given in commands_of(page):
            command, context, words = leaf_command(given)
            options = {
                name
                for parameter in command.get_params(context)
                for name in (*parameter.opts, *parameter.secondary_opts)
            }
            unknown = [word for word in words if word.startswith("-") and word.split("=")[0] not in options]
            assert unknown == [], f"{name_of(page)}: {shlex.join(given)}"


def leaf_command(words: list[str]) -> tuple[click.Command, click.Context, list[str]]:
    """The command that the words name, and the words after it."""
    command: click.Command = INSTROOM.command
    context = INSTROOM
    while isinstance(command, click.Group) and words and not words[0].startswith("-") and words[0].islower():
        command, words = command_below(command, context, words[0]), words[1:]
        context = click.Context(command, parent=context, info_name=command.name)
    return command, context, words


@cache
def command_below(group: click.Group, context: click.Context, word: str) -> click.Command:
    """The command of that name, loaded once."""
    below = group.get_command(context, word)
    assert below is not None, f"there is no command {word}"
    return below


def test_what_a_guide_has_you_read_is_said_by_the_product() -> None:
    """What is *slanted* in a guide stands on a page, or in a mail."""
    web = ROOT / "src" / "instroom" / "doors" / "web" / "locale" / "nl" / "LC_MESSAGES" / "django.po"
    said = "\n".join(text_of(page) for page in (web, *(ROOT / "src").rglob("*.nl.toml"))).lower()
    for page in (ROOT / "docs" / "handleiding").glob("*.md"):
        read = re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", prose_of(page))
        assert [words for words in read if words != "schuin" and words.lower() not in said] == [], name_of(page)


def test_a_target_of_make_is_there() -> None:
    there = set(re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    for page in OF_PEOPLE:
        named = {
            word
            for line in (*console_lines(page), *INLINE.findall(prose_of(page)))
            if line.startswith("make ")
            for word in shlex.split(line, comments=True)[1:]
        }
        assert sorted(named - there) == [], name_of(page)


def test_the_settings_are_those_of_the_code() -> None:
    documented = set(re.findall(r"`(INSTROOM_[A-Z_]+)`", text_of(ROOT / "docs" / "reference" / "settings.md")))
    asked = r"environ(?:ment)?(?:\.get\(|\[)\"(INSTROOM_[A-Z_]+)\""
    sources = (ROOT / "src").rglob("*.py")
    assert documented == {name for path in sources for name in re.findall(asked, text_of(path))}


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))
    wanted = [
        *project["project"]["dependencies"],
        *(name for group in project["dependency-groups"].values() for name in group),
        *(name for extra in project["project"]["optional-dependencies"].values() for name in extra),
    ]
    names = {re.split(r"[\[<>=]", requirement)[0] for requirement in wanted}
    table = re.findall(r"^\| ([a-z0-9, -]+) \|", text_of(ROOT / "CONTRIBUTING.md"), re.MULTILINE)
    assert {name for cell in table for name in cell.split(", ")} - {"package", "---"} == names


def test_every_decision_is_listed_in_order() -> None:
    files = [path.name for path in sorted((ROOT / "docs" / "adr").glob("0*.md"))]
    listed = re.findall(r"^\d+\. \[(.+)\]\((.+)\)$", text_of(ROOT / "docs" / "adr" / "README.md"), re.MULTILINE)
    titles = [text_of(ROOT / "docs" / "adr" / name).splitlines()[0] for name in files]
    assert [name for _, name in listed] == files
    assert titles == [f"# {number}. {title}" for number, (title, _) in enumerate(listed, start=1)]


def test_a_decision_has_context_and_consequences() -> None:
    for path in (ROOT / "docs" / "adr").glob("0*.md"):
        parts = re.findall(r"^\*\*(\w+)\.\*\*", text_of(path), re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences"], name_of(path)


def test_the_glossary_is_in_order_and_bilingual() -> None:
    first_table = text_of(ROOT / "GLOSSARY.md").split("## States")[0]
    rows = [line.strip("|").split(" | ") for line in first_table.splitlines() if line.startswith("| ")][2:]
    words = [row[0].strip() for row in rows]
    assert words == sorted(words, key=str.lower)
    assert [row for row in rows if len(row) != 3 or not row[1].strip()] == []


def test_the_glossary_has_every_state() -> None:
    second_table = text_of(ROOT / "GLOSSARY.md").split("## States")[1]
    assert set(re.findall(r"^\| `([a-z-]+)` \|", second_table, re.MULTILINE)) == set(TRANSITIONS)


def test_the_changelog_has_a_place_for_the_next_change() -> None:
    assert "## [Unreleased]" in text_of(ROOT / "CHANGELOG.md")


def test_the_figures_of_the_page_on_scale_are_those_that_were_measured() -> None:
    text = text_of(herd_page.PAGE)
    assert herd_page.with_tables(text, json.loads(text_of(herd_page.MEASURED))) == text


def test_the_figures_of_the_page_on_load_are_those_that_were_measured() -> None:
    text = text_of(load_page.PAGE)
    assert load_page.with_tables(text, json.loads(text_of(load_page.MEASURED))) == text


def test_the_licence_is_the_official_text() -> None:
    """The articles and the appendix; the words were compared with three independent copies."""
    text = text_of(ROOT / "LICENSE")
    articles = [int(number) for number in re.findall(r"^(\d+)\. [A-Z]", text, re.MULTILINE)]
    assert articles == list(range(1, 16))
    assert "Licences’ according to Article 5 EUPL are:" in text
    assert "EUPL © the European Union 2007, 2016" in text
