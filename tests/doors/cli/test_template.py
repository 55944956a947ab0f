"""`instroom template` and `instroom layout` (product.md A7, A8)."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from tests.commands import INSTROOM, Run

from instroom.core.layout.standard import standard

pytestmark = pytest.mark.unstored

FORMATS = ("xlsx", "csv", "xml")
NO_SITE = {"INSTROOM_HOME": "nergens", "INSTROOM_DATABASE_URL": ""}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_example_can_be_delivered_as_it_is(run: Run, form: str, lang: str) -> None:
    assert run("template", "--example", "--lang", lang, "-o", f"x.{form}").code == 0
    ran = run("check", f"x.{form}", "--format", "json")
    assert (ran.code, ran.document["verdict"]) == (0, "clean")
    assert ran.document["counts"]["records"] > 0


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_template_only_lacks_records(run: Run, form: str) -> None:
    assert run("template", "-o", f"x.{form}").code == 0
    codes = {one["code"] for one in run("check", f"x.{form}", "--format", "json").document["findings"]}
    assert codes - {"row-blank"} == {"rows-none"}


@pytest.mark.parametrize(("form", "start"), [("csv", "\ufeffBedrijfExternId;"), ("xml", "<?xml"), ("xsd", "<?xml")])
def test_text_goes_to_standard_output(run: Run, form: str, start: str) -> None:
    ran = run("template", "--format", form)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(start)


def test_a_workbook_without_a_name_is_not_written_over_one_that_is_there(run: Run, tmp_path: Path) -> None:
    from tests.doors.cli.test_check import on_a_terminal

    target = tmp_path / "instroom-sjabloon.xlsx"
    command = ["bash", "-c", f'cd "{tmp_path}" && "$0" template', INSTROOM]
    assert "instroom-sjabloon.xlsx" in on_a_terminal(command)
    content = target.read_bytes()
    assert content[:2] == b"PK"
    assert "bestaat al" in on_a_terminal(command)
    assert target.read_bytes() == content


def test_the_format_option_goes_before_the_name(run: Run, tmp_path: Path) -> None:
    assert run("template", "--format", "csv", "-o", "x.dat").code == 0
    assert (tmp_path / "x.dat").read_bytes().startswith(b"\xef\xbb\xbfBedrijfExternId;")


def test_the_standard_layout_is_listed(run: Run) -> None:
    assert run("layout", "list", **NO_SITE).out.split("\t")[0] == "standard/1"


def test_a_layout_derived_from_our_own_template_can_be_used(run: Run, tmp_path: Path) -> None:
    run("template", "-o", "template.xlsx")
    ran = run("layout", "derive", "template.xlsx", "-o", "own.toml")
    assert ran.code == 0, ran.err
    run("template", "--layout", "own.toml", "-o", "own.csv")
    own = (tmp_path / "own.csv").read_text(encoding="utf-8-sig")
    assert own == ";".join(standard().headers) + "\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--layout", "geen/9"), "layout"),
        (("--layout", "geen.toml"), "no-such-file"),
        (("--layout", "rot.toml"), "layout"),
    ],
)
def test_a_layout_that_is_not_there_is_wrong_use(run: Run, tmp_path: Path, arguments, code: str) -> None:
    (tmp_path / "rot.toml").write_text("name = [", encoding="utf-8")
    (tmp_path / "x.csv").write_text("x", encoding="utf-8")
    ran = run("check", "x.csv", "--format", "json", *arguments, **NO_SITE)
    assert (ran.code, ran.document["error"]["code"]) == (2, code)


def test_deriving_from_something_else_than_a_workbook_is_wrong_use(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_text("not a workbook", encoding="utf-8")
    ran = run("layout", "derive", "x.xlsx")
    assert ran.code == 2 and "Traceback" not in ran.err


def test_a_header_cannot_drive_the_terminal(run: Run, tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.active.append([*standard().headers[:5], "\u202eX", "\u009b31m"])
    workbook.save(tmp_path / "x.xlsx")
    ran = run("layout", "derive", "x.xlsx")
    assert "\u202e" not in ran.out + ran.err and "\u009b" not in ran.out + ran.err


@pytest.mark.parametrize("name", ["x.doc", "sjabloon"])
def test_a_name_that_is_none_of_the_formats_is_wrong_use(run: Run, tmp_path: Path, name: str) -> None:
    ran = run("template", "-o", name)
    assert ran.code == 2 and ".xlsx, .csv, .xml of .xsd" in ran.err and not (tmp_path / name).exists()
    assert run("template", "-o", name, "--format", "csv").code == 0


def test_what_is_no_workbook_gives_no_layout(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a;b", encoding="utf-8")
    ran = run("layout", "derive", "x.csv")
    assert ran.code == 2
    assert ran.err == (
        "Hieruit is geen indeling af te leiden: x.csv is geen Excel-werkmap (.xlsx) die gelezen kan worden.\n"
    )
