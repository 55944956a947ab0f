"""The report on a terminal, as people see it."""

import re

import pytest
from tests.core.report.deliveries import FILE, LAYOUT, MIXED, checked, company
from tests.core.report.every_finding import ALL

from instroom.core.findings import finding
from instroom.core.model import Record
from instroom.core.report.text_report import report_text

MIXED_IN_DUTCH = """\
personen.csv
Niet in orde: 10 fouten, 1 waarschuwing en 2 meldingen.
12 ingevulde regels: 3 bedrijven en 8 personen.
Alleen met de sleutel genoemd: 1 bedrijf. Of zulke bedrijven al bestaan, blijkt
pas bij het aanleveren.

FOUT Verplichte waarde ontbreekt (required-missing)
  regel 4, PersoonAchternaam: De persoon heeft geen achternaam.
  → Vul de achternaam in.

FOUT Datum niet te lezen (value-date), 7 keer
  Deze waarde is geen datum die zonder gokken te lezen is.
    regel 10, PersoonGeboortedatum: ‘31-02-1910’
    regel 11, PersoonGeboortedatum: ‘31-02-1911’
    regel 12, PersoonGeboortedatum: ‘31-02-1912’
    regel 13, PersoonGeboortedatum: ‘31-02-1913’
    regel 14, PersoonGeboortedatum: ‘31-02-1914’
  en nog 2
  → Schrijf de datum als dd-mm-jjjj, bijvoorbeeld 31-12-1980.

FOUT Bedrijf met verschillende gegevens (company-conflict)
  regel 17: Bedrijf ‘B1’ staat ook op regel 3, met andere gegevens in
    BedrijfNaam.
  → Niet te zien is welke kloppen: er is geen meerderheid. Maak de gegevens van
    het bedrijf op elke regel gelijk.

FOUT Geen e-mailadres (value-email)
  regel 21, PersoonEmailWerk:
    ‘␛]0;x␇jan<U+202E>deaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…’ is geen
    geldig e-mailadres.
  → Verbeter het adres, bijvoorbeeld naam@voorbeeld.nl. Per cel kan er één adres
    staan.

WAARSCHUWING Telefoonnummer klopt niet (value-phone)
  regel 17, PersoonMobiel: ‘=HYPERLINK("http://evil.example";"x")’ is geen
    telefoonnummer dat kan bestaan.
  → Controleer het nummer. Begin met het netnummer (0…) of met de landcode
    (+31…).

MELDING Meer bladen met gegevens (xlsx-sheets)
  Meer dan één blad bevat gegevens. Gelezen is blad ‘Blad1’; niet gelezen:
  Blad2.
  → Zet alle gegevens op het eerste blad. Hebt u de andere bladen niet nodig,
    dan hoeft u niets te doen.

MELDING Lege regel (row-blank)
  regel 18: Er staan 3 lege regels achter elkaar, tot en met regel 20; ze zijn
    overgeslagen.
  → U hoeft niets te doen.
"""


def test_a_report_in_dutch() -> None:
    """Verdict and counts first, errors before warnings before notices, a remedy once for each kind."""
    assert report_text(MIXED, LAYOUT) == MIXED_IN_DUTCH


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ([], "In orde: geen fouten gevonden."),
        ([finding("row-blank", 3)], "In orde: 0 fouten, 0 waarschuwingen en 1 melding."),
        ([finding("value-phone", 3)], "Bruikbaar, met waarschuwingen: 0 fouten, 1 waarschuwing en 0 meldingen."),
        ([finding("value-date", 3)] * 1200, "Niet in orde: 1.200 fouten, 0 waarschuwingen en 0 meldingen."),
    ],
    ids=["clean", "notice", "warning", "errors"],
)
def test_the_verdict_comes_first(found: list[object], verdict: str) -> None:
    """On the line below the name of the file."""
    assert report_text(checked(found), LAYOUT).splitlines()[1] == verdict  # type: ignore[arg-type]


def test_a_rejected_file_is_said_to_be() -> None:
    """Nothing of it can be used (C3)."""
    text = report_text(checked([finding("file-encrypted")]), LAYOUT, "en")
    assert "Rejected, this file cannot be used as it is: 1 error" in text


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("width", [40, 80, 132])
def test_no_line_is_wider_than_the_terminal(lang: str, width: int) -> None:
    """Whatever the values, headers and file name are."""
    long = checked([*ALL, finding("value-date", 2, "x" * 300, "y" * 300)], file=FILE._replace(name="z" * 300))
    for text in (report_text(MIXED, LAYOUT, lang, width=width), report_text(long, LAYOUT, lang, width=width)):  # type: ignore[arg-type]
        assert max(map(len, text.splitlines())) <= width


def test_colour_only_when_asked() -> None:
    """And then around our own words alone: without the colours it is the same text."""
    plain, coloured = report_text(MIXED, LAYOUT), report_text(MIXED, LAYOUT, colour=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain
    assert coloured.count("\x1b[31;1mFOUT\x1b[0m") == 4


def test_hostile_text_does_not_reach_the_terminal() -> None:
    """Neither by a value, nor by a header, nor by the name of the file."""
    hostile = "\x1b]0;evil\x07\x9b2J\u202e\u2066\r\n\x00"
    found = [
        finding("column-added", 1, hostile, hostile, facts={"found": hostile}),
        finding("value-date", 2, "x", hostile),
    ]
    text = report_text(checked(found * 3, file=FILE._replace(name=hostile)), LAYOUT)
    assert text.replace("\n", "").isprintable()


def test_a_company_given_in_full_elsewhere_is_not_by_key_alone() -> None:
    """Each company once, however many records refer to it (B7)."""
    by_key = [Record(n, company("B7", alone=True), None) for n in (2, 3)]
    assert "1 bedrijf. Of" in report_text(checked([], by_key), LAYOUT)
    known = [*by_key, Record(4, company("B7", alone=False), None)]
    assert "Alleen met de sleutel" not in report_text(checked([], known), LAYOUT)


def test_a_hundred_thousand_findings_fit_on_a_screen() -> None:
    """All counted, a few shown."""
    text = report_text(checked([finding("value-date", 2, "PersoonGeboortedatum", "x")] * 100_000), LAYOUT)
    assert "100.000 keer" in text
    assert "en nog 99.995" in text
    assert len(text.splitlines()) < 20


def test_one_cause_does_not_hide_the_others() -> None:
    """Five of each cause in a column, and twenty of a kind."""
    many = [
        finding("value-date", row, "PersoonGeboortedatum", "x", facts={"problem": "serial"}) for row in range(2, 99)
    ]
    other = finding("value-date", 100, "PersoonGeboortedatum", "y", facts={"problem": "no-such-day"})
    text = report_text(checked([*many, other]), LAYOUT, "en")
    assert "row 6, " in text and "row 7, " not in text and "row 100, " in text
    assert "and 92 more" in text
    columns = [finding("value-too-long", 2, f"Kolom{number}", "x") for number in range(30)]
    assert report_text(checked(columns), LAYOUT, "en").count("row 2, ") == 20
