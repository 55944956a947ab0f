"""`instroom check` (product.md C5 and Contracts)."""

import hashlib
import os
import stat
import subprocess
from pathlib import Path

import pytest
from tests.commands import INSTROOM, Run, environment
from tests.doors.cli.conftest import WriteCsv
from tests.doors.cli.records import BAD_DATE, GOOD, PHONE_WARNING
from tests.loading import modules_loaded_by

pytestmark = pytest.mark.unstored

ESCAPES = "\x1b]0;taken\x07\x1b[2J\x9b31mX\u202e"


@pytest.mark.parametrize(
    ("record", "verdict", "code"), [(GOOD, "clean", 0), (PHONE_WARNING, "warnings", 0), (BAD_DATE, "errors", 1)]
)
def test_the_exit_code_says_whether_there_are_errors(run: Run, csv_file: WriteCsv, record, verdict, code) -> None:
    ran = run("check", csv_file(record), "--format", "json")
    assert (ran.document["verdict"], ran.code, ran.err) == (verdict, code, "")


def test_the_json_is_that_of_the_contract(run: Run, csv_file: WriteCsv) -> None:
    path = csv_file(GOOD, BAD_DATE | {"PersoonExternId": "P-2"})
    document = run("check", path, "--format", "json").document
    content = path.read_bytes()
    finding = document["findings"][0]
    assert list(document) == ["file", "layout", "verdict", "counts", "findings"]
    assert document["file"] == {
        "name": "levering.csv",
        "format": "csv",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    assert document["layout"] == "standard/1"
    assert document["counts"] == {
        "records": 2, "companies": 0, "persons": 2, "errors": 1, "warnings": 0, "notices": 0,
    }  # fmt: skip
    assert list(finding) == ["code", "severity", "row", "column", "value", "other_rows", "message", "remedy"]
    assert {name: finding[name] for name in ("code", "severity", "row", "column", "value", "other_rows")} == {
        "code": "value-date",
        "severity": "error",
        "row": 3,
        "column": "PersoonGeboortedatum",
        "value": "31-02-1980",
        "other_rows": [],
    }
    assert len(finding["message"]) > 10 and len(finding["remedy"]) > 10


@pytest.mark.parametrize(
    ("arguments", "variables", "word"),
    [((), {}, "datum"), (("--lang", "en"), {}, "date"), ((), {"INSTROOM_LANG": "en"}, "date"),
     (("--lang=nl",), {"INSTROOM_LANG": "en"}, "datum")],
)  # fmt: skip
def test_the_language_is_the_option_else_the_setting_else_dutch(
    run: Run, csv_file: WriteCsv, arguments, variables, word
):
    ran = run("check", csv_file(BAD_DATE), "--format", "json", *arguments, **variables)
    assert word in ran.document["findings"][0]["message"].lower().replace("geboortedatum", "")


def test_the_text_names_row_column_and_value(run: Run, csv_file: WriteCsv) -> None:
    ran = run("check", csv_file(BAD_DATE))
    assert ran.code == 1
    for piece in ("levering.csv", "PersoonGeboortedatum", "31-02-1980", "2"):
        assert piece in ran.out


def test_the_text_says_how_to_get_the_faults_in_the_file(run: Run, csv_file: WriteCsv, tmp_path: Path) -> None:
    hint = {"nl": "Met --annotate UIT.xlsx krijgt u", "en": "With --annotate OUT.xlsx you get"}
    for lang, sentence in hint.items():
        assert sentence in run("check", csv_file(BAD_DATE), "--lang", lang).out
    (tmp_path / "some.pdf").write_bytes(b"%PDF-1.7 ...")
    for arguments in ((csv_file(GOOD, name="goed.csv"),), (csv_file(BAD_DATE), "--annotate", "a.xlsx"), ("some.pdf",)):
        assert "--annotate" not in run("check", *arguments).out


MISSING = [
    ("nee.csv", "no-such-file"),
    (".", "is-a-folder"),
    ("", "no-such-file"),
    ("levering.csv/x", "no-such-file"),
    ("x" * 300, "not-readable"),
]


@pytest.mark.parametrize(("name", "code"), MISSING, ids=range(len(MISSING)))
def test_no_such_file_is_wrong_use(run: Run, csv_file: WriteCsv, name: str, code: str) -> None:
    csv_file(GOOD)
    ran = run("check", name, "--format", "json")
    assert (ran.code, ran.document["error"]["code"]) == (2, code)
    assert ran.err.strip() == ran.document["error"]["message"]


def test_standard_input_is_a_file_like_any_other(run: Run, csv_file: WriteCsv) -> None:
    ran = run("check", "-", "--format", "json", stdin=csv_file(BAD_DATE).read_bytes())
    assert (ran.code, ran.document["findings"][0]["code"]) == (1, "value-date")


def test_a_pipe_is_read_like_a_file(run: Run, csv_file: WriteCsv, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    with subprocess.Popen(["/bin/cp", csv_file(GOOD), pipe]) as writer:
        ran = run("check", pipe, "--format", "json")
        assert writer.wait() == 0
    assert (ran.code, ran.document["counts"]["records"]) == (0, 1)


@pytest.mark.parametrize(
    "name", ["één twee.csv", "-x.csv", "a\nb\x1b[2J.csv", b"undecodable-\xff.csv", "日本語 🚲.csv"]
)
def test_any_file_name_will_do(run: Run, csv_file: WriteCsv, tmp_path: Path, name: str | bytes) -> None:
    target = tmp_path / os.fsdecode(name)
    csv_file(BAD_DATE).rename(target)
    as_json, as_text = run("check", "--format", "json", "--", name), run("check", "--", name)
    assert (as_json.code, as_text.code) == (1, 1)
    assert as_json.document["file"]["name"] == os.fsencode(target.name).decode("utf-8", "replace")
    assert "\x1b" not in as_text.out


@pytest.mark.parametrize(
    "variables", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_terminal_that_knows_no_letters_beyond_ascii(run: Run, csv_file: WriteCsv, form: str, variables) -> None:
    record = BAD_DATE | {"PersoonGeboortedatum": "één €"}
    ran = run("check", csv_file(record, name="zoë.csv"), "--format", form, **variables)
    assert ran.code == 1
    assert form == "text" or ran.document["findings"][0]["value"] == "één €"
    assert ran.out.isascii()


def test_what_is_in_a_file_never_reaches_the_terminal_as_a_command(run: Run, csv_file: WriteCsv) -> None:
    record = GOOD | {"PersoonAchternaam": ESCAPES, "PersoonGeboortedatum": ESCAPES, "PersoonCategorie1": ESCAPES}
    for arguments in ((), ("--lang", "en")):
        ran = run("check", csv_file(record), *arguments)
        assert ran.code == 1
        for character in "\x1b\x07\x9b\u202e":
            assert character not in ran.out + ran.err


def test_a_colour_terminal_gets_colours_and_nothing_of_the_file(csv_file: WriteCsv) -> None:
    path = csv_file(GOOD | {"PersoonGeboortedatum": ESCAPES})
    shown = on_a_terminal([INSTROOM, "check", str(path)])
    assert "\x1b[" in shown
    assert "\x1b]0" not in shown and "\x1b[2J" not in shown and "\x9b" not in shown and "\x07" not in shown


def on_a_terminal(command: list[str]) -> str:
    """What a person's terminal would be sent."""
    main, terminal = os.openpty()
    with subprocess.Popen(command, stdout=terminal, stderr=terminal, env=environment(TERM="xterm-256color")) as process:
        os.close(terminal)
        shown = b""
        while piece := _read(main):
            shown += piece
        process.wait()
    os.close(main)
    return shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other end has closed
        return b""


def test_the_reports_are_written_when_asked_for(run: Run, csv_file: WriteCsv, tmp_path: Path) -> None:
    path = csv_file(GOOD, BAD_DATE | {"PersoonExternId": "P-2"})
    ran = run("check", path, "--annotate", "a.xlsx", "--rejected", "r.csv", "--report", "f.csv", "--format", "json")
    assert ran.code == 1 and ran.document["verdict"] == "errors"
    assert (tmp_path / "a.xlsx").read_bytes()[:2] == b"PK"
    assert "P-2" in (tmp_path / "r.csv").read_text() and "P-1" not in (tmp_path / "r.csv").read_text()
    assert "value-date" in (tmp_path / "f.csv").read_text()
    assert ran.err.count("Geschreven") == 3
    assert not list(tmp_path.glob(".*"))


def test_rejected_records_are_a_delivery_again(run: Run, csv_file: WriteCsv) -> None:
    run("check", csv_file(GOOD, BAD_DATE | {"PersoonExternId": "P-2"}), "--rejected", "r.xlsx")
    again = run("check", "r.xlsx", "--format", "json")
    assert [(one["code"], one["row"]) for one in again.document["findings"]] == [("value-date", 2)]


def test_what_xml_cannot_hold_is_said_and_left_out(run: Run, csv_file: WriteCsv, tmp_path: Path) -> None:
    path = csv_file(BAD_DATE, GOOD | {"PersoonExternId": "P-2", "PersoonAchternaam": "\x1b[31mrood"})
    ran = run("check", path, "--rejected", "r.xml")
    assert ran.code == 1 and "Geschreven: r.xml" in ran.err and "1 (regel 3). Met .csv" in ran.err
    assert "P-1" in (tmp_path / "r.xml").read_text() and "rood" not in (tmp_path / "r.xml").read_text()
    alone = csv_file(GOOD | {"PersoonAchternaam": "\x1b"}, name="alleen.csv")
    ran = run("check", alone, "--rejected", "s.xml", "--lang", "en")
    assert ran.err.startswith("Not in s.xml") and not (tmp_path / "s.xml").exists()


def test_no_rejected_records_no_file(run: Run, csv_file: WriteCsv, tmp_path: Path) -> None:
    ran = run("check", csv_file(GOOD), "--rejected", "r.csv")
    assert ran.code == 0 and "r.csv" in ran.err and not (tmp_path / "r.csv").exists()


WRONG_TARGETS = [
    (("--annotate", "levering.xlsx/x.xlsx"), "no-such-folder"),
    (("--annotate", "niet/er.xlsx"), "no-such-folder"),
    (("--annotate", "uit.csv"), "suffix"),
    (("--rejected", "uit.txt"), "suffix"),
    (("--report", "levering.csv"), "same-file"),
    (("--report", "./../{here}/levering.csv"), "same-file"),
    (("--report", "map.csv"), "is-a-folder"),
    (("--report", "uit.csv", "--rejected", "./uit.csv"), "two-outputs"),
]


@pytest.mark.parametrize(("arguments", "code"), WRONG_TARGETS)
def test_a_result_never_harms_a_file(run: Run, csv_file: WriteCsv, tmp_path: Path, arguments, code: str) -> None:
    path = csv_file(BAD_DATE)
    content = path.read_bytes()
    (tmp_path / "map.csv").mkdir()
    arguments = [argument.format(here=tmp_path.name) for argument in arguments]
    ran = run("check", path, *arguments, "--format", "json")
    assert (ran.code, ran.document["error"]["code"]) == (2, code)
    assert path.read_bytes() == content


def test_a_place_where_nothing_can_be_written_is_the_one_answer(run: Run, csv_file: WriteCsv) -> None:
    ran = run("check", csv_file(BAD_DATE), "--format", "json", "--report", "/proc/uit.csv")
    assert (ran.code, ran.document["error"]["code"]) == (2, "not-writable")


def test_a_device_is_written_to_and_not_replaced(run: Run, csv_file: WriteCsv, tmp_path: Path) -> None:
    pipe = tmp_path / "uit.csv"
    os.mkfifo(pipe)
    with subprocess.Popen(["/bin/cat", pipe], stdout=subprocess.PIPE) as reader:
        ran = run("check", csv_file(BAD_DATE), "--report", "uit.csv")
        received = reader.communicate()[0]
    assert ran.code == 1 and b"value-date" in received and stat.S_ISFIFO(pipe.stat().st_mode)


NOT_TABLES = {
    "empty.csv": (b"", "file-empty"),
    "some.pdf": (b"%PDF-1.7 ...", "file-format-unknown"),
    "page.xls": (b"<html><table><tr><td>x</td></tr></table></html>", "file-format-unknown"),
}


@pytest.mark.parametrize("name", NOT_TABLES)
def test_a_file_that_is_no_table_is_a_finding(run: Run, tmp_path: Path, name: str) -> None:
    content, code = NOT_TABLES[name]
    (tmp_path / name).write_bytes(content)
    ran = run("check", name, "--format", "json", "--annotate", "a.xlsx", "--rejected", "r.csv")
    assert ran.code == 1
    assert [finding["code"] for finding in ran.document["findings"]] == [code]
    assert ran.document["findings"][0]["row"] is None


def test_a_reader_that_stops_reading_is_no_failure(csv_file: WriteCsv) -> None:
    path = csv_file(*(BAD_DATE | {"PersoonExternId": f"P-{number}"} for number in range(5000)))
    command = f'"{INSTROOM}" check "{path}" --format json | head -c 10 >/dev/null; exit ${{PIPESTATUS[0]}}'
    ran = subprocess.run(["bash", "-c", command], capture_output=True, env=environment(), check=False)
    assert (ran.returncode, ran.stderr) == (141, b"")


@pytest.mark.parametrize("records", [1, 200])
@pytest.mark.parametrize("form", [(), ("--format", "json")])
def test_a_full_disk_behind_standard_output_is_said_once(
    csv_file: WriteCsv, form: tuple[str, ...], records: int
) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [INSTROOM, "check", csv_file(*[BAD_DATE] * records), *form]
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=environment(), check=False)
    assert ran.returncode == 3
    assert b"Traceback" not in ran.stderr and ran.stderr.count(b"Instroom kon dit niet afmaken") == 1
    assert b"ligt niet aan u" not in ran.stderr


HEAVY = {"django", "xlsxwriter", "psycopg", "stdnum", "zipfile", "tempfile", "xml", "decimal", "asyncio"}


def test_a_small_check_loads_nothing_that_it_does_not_use(csv_file: WriteCsv) -> None:
    checking = f"sys.argv[1:] = ['check', {str(csv_file(GOOD))!r}]; main()"
    loaded = modules_loaded_by(f"import sys; from instroom.doors.cli.main import main; {checking}")
    assert HEAVY & {name.partition(".")[0] for name in loaded} == set()
