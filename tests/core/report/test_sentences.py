"""What the findings say (product.md C2): every code, in each variant, in both languages."""

import re
import tomllib
from importlib.resources import files

import pytest
from tests.core.report.every_finding import ALL, BARE

from instroom.core.findings import CATALOGUE, finding
from instroom.core.language import LANGUAGES, Language
from instroom.core.layout.standard import standard
from instroom.core.model import Finding
from instroom.core.report.sentences import message, remedy, title, wordings
from instroom.core.report.variants import variant


def _name(one: Finding) -> str:
    return f"{one.code}-{variant(one)}" + ("" if one.row else "-bare")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_finding_reads_as_sentences(lang: Language) -> None:
    """With all facts and with none: a capital, a full stop, nothing left of the template."""
    for one in (*ALL, *BARE):
        for text in (message(one, standard(), lang), remedy(one, standard(), lang)):
            assert re.match(r"[A-Z‘]", text), _name(one)
            assert text.endswith((".", "?")), _name(one)
            assert not re.search(r"[{}\[\]]|None| \.( |$)| ,|  |\.\.|‘’", text), _name(one)


def test_dutch_and_english_differ() -> None:
    """No text was left untranslated."""
    for one in ALL:
        assert message(one, standard(), "nl") != message(one, standard(), "en"), _name(one)
        assert remedy(one, standard(), "nl") != remedy(one, standard(), "en"), _name(one)
        assert title(one.code, "nl") != title(one.code, "en"), _name(one)


def test_the_two_languages_have_the_same_texts() -> None:
    """The same codes, variants and words; all of the catalogue."""
    dutch, english = wordings("nl"), wordings("en")
    assert set(dutch) == set(english) == set(CATALOGUE)
    for code in CATALOGUE:
        assert dutch[code].texts.keys() == english[code].texts.keys()
        assert {fact: set(words) for fact, words in dutch[code].words.items()} == {
            fact: set(words) for fact, words in english[code].words.items()
        }


SURE = {
    "rows-too-many": {"records"},
    "row-cell-count": {"found", "expected"},
    "row-blank": {"count"},
    "row-short": {"count"},
    "row-footer": {"said", "records"},
}
"""The facts that a variant was chosen by, and can count on."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_facts_stand_only_where_they_may_be_missing(lang: Language) -> None:
    """Outside [ ] a sentence rests on no fact, unless its variant was chosen by that fact."""
    data = tomllib.loads(files("instroom.core.report").joinpath(f"sentences.{lang}.toml").read_text("utf-8"))
    for code, entry in data.items():
        for name, texts in (("", entry), *entry.get("variants", {}).items()):
            for text in (texts.get("message", ""), texts.get("remedy", "")):
                outside = re.findall(r"\{(\w+)\}", re.sub(r"\[.*?\]", "", text))
                assert set(outside) <= (SURE.get(code, set()) if name else set())


def test_every_variant_is_reached() -> None:
    """No text that no finding ever gets."""
    reached = {(one.code, variant(one)) for one in ALL} | {(code, "") for code in CATALOGUE}
    written = {(code, name) for code, wording in wordings("nl").items() for name, _ in wording.texts}
    assert written <= reached


SENTENCES = [
    (
        finding("value-date", 7, "PersoonGeboortedatum", "31-02-1980"),
        "‘31-02-1980’ is geen datum die zonder gokken te lezen is.",
        "Schrijf de datum als dd-mm-jjjj, bijvoorbeeld 31-12-1980.",
    ),
    (
        finding(
            "value-date",
            7,
            "PersoonGeboortedatum",
            "31-02-1992",
            facts={"problem": "no-such-day", "month": "2", "year": "1992", "days": 29},
        ),
        "De datum ‘31-02-1992’ bestaat niet: februari 1992 heeft 29 dagen.",
        "Zoek de goede datum op. Is die niet bekend, laat de cel dan leeg.",
    ),
    (
        finding("value-date", 7, value="1985/13/02", facts={"problem": "swapped", "likely": "13-02-1985"}),
        "In ‘1985/13/02’ staan dag en maand omgekeerd. Bedoelt u 13-02-1985?",
        "Schrijf de datum als dd-mm-jjjj: eerst de dag, dan de maand, hier 13-02-1985.",
    ),
    (
        finding("value-not-in-list", 2, "PersoonGeslacht", "man"),
        "Bij ‘PersoonGeslacht’ kan ‘man’ niet.",
        "Kies M, V, X of O.",
    ),
    (
        finding("value-not-in-list", 2, "PersoonActief", "1"),
        "Bij ‘PersoonActief’ kan ‘1’ niet.",
        "Kies Ja of Nee.",
    ),
    (
        finding("value-not-in-list", 2, "BEDRIJF", "x", facts={"choices": []}),
        "De kolom ‘BEDRIJF’ scheidt alleen de kolommen ervoor en erna en blijft leeg; hier staat ‘x’.",
        "Laat deze cel leeg. Hoort de waarde in een andere kolom, zet haar dan daar.",
    ),
    (
        finding("rows-too-many", facts={"records": 23456, "limit": 10000, "files": 3, "at_least": False}),
        "Het bestand heeft 23.456 ingevulde regels; hoogstens 10.000 is toegestaan.",
        "Verdeel de regels over 3 bestanden van hoogstens 10.000 regels.",
    ),
    (
        finding("file-too-large", facts={"bytes": 70_000_000, "limit": 64 << 20}),
        "Het bestand is te groot: 66,8 MB. Hoogstens 64 MB is toegestaan.",
        "Verdeel de regels over meer bestanden en haal afbeeldingen en andere bladen eruit.",
    ),
    (
        finding("file-too-large", facts={"bytes": (64 << 20) + 2048, "limit": 64 << 20}),
        "Het bestand is te groot: 64,002 MB. Hoogstens 64 MB is toegestaan.",
        "Verdeel de regels over meer bestanden en haal afbeeldingen en andere bladen eruit.",
    ),
    (
        finding("file-format-unknown", facts={"looks_like": "binary"}),
        "Instroom herkent dit bestand niet als CSV, XLSX of XML.",
        "Lever een van deze drie soorten aan. Het eenvoudigst is het sjabloon in Excel.",
    ),
    (
        finding("xml-structure", facts={"regel": None, "element": "Instroom", "problem": "no-layout",
            "expected": "standard/1"}),
        "De XML noemt geen indeling. Verwacht is ‘standard/1’.",
        'Noem de indeling bij het element ‘Instroom’: layout="standard/1".',
    ),
    (
        finding("column-renamed", 1, "PersoonAchternaam", "Achternaam", facts={"position": 59, "letter": "BG",
            "found": "Achternaam", "expected": "PersoonAchternaam"}),
        "In kolom BG staat ‘Achternaam’; in het sjabloon staat daar ‘PersoonAchternaam’.",
        "Herstel de kolomkop: ‘PersoonAchternaam’.",
    ),
    (
        finding("column-renamed", 1, "PersoonAchternaam", "", facts={"position": 59, "letter": "BG",
            "found": "", "expected": "PersoonAchternaam"}),
        "Kolom BG heeft geen kolomkop; in het sjabloon staat daar ‘PersoonAchternaam’.",
        "Herstel de kolomkop: ‘PersoonAchternaam’.",
    ),
    (
        finding("column-added", 1, "", "", facts={"found": "", "position": 109, "letter": "DE"}),
        "Kolom DE heeft geen kolomkop en komt in het sjabloon niet voor. Waarschijnlijk staat er een puntkomma te veel"
        " aan het einde van de regel.",
        "Haal de puntkomma aan het einde van de regels weg, of verwijder de kolom.",
    ),
    (
        finding("value-too-long", 2, "PersoonAchternaam", "x", facts={"length": 32_768, "max_length": 100}),
        "De waarde is te lang: meer dan 32.767 tekens. De kolom neemt er hoogstens 100.",
        "Kort de waarde in tot hoogstens 100 tekens.",
    ),
    (
        finding("value-too-long", 2, "PersoonAchternaam", "x", facts={"length": 32_767, "max_length": 100}),
        "De waarde is te lang: 32.767 tekens. De kolom neemt er hoogstens 100.",
        "Kort de waarde in tot hoogstens 100 tekens.",
    ),
    (
        finding("company-conflict", 10_400, "BedrijfExternId", "B1", (12, 10_399), {
            "extern_id": "B1", "columns": ["BedrijfNaam", "BedrijfEmail"]}),
        "Bedrijf ‘B1’ staat ook op regel 12 en 10399, met andere gegevens in BedrijfNaam en BedrijfEmail.",
        "Niet te zien is welke kloppen: er is geen meerderheid."
        " Maak de gegevens van het bedrijf op elke regel gelijk.",
    ),
    (
        finding("person-two-companies", 9, None, None, (4,), {"extern_id": "P1", "companies": ["B1", ""]}),
        "Persoon ‘P1’ staat ook op regel 4, met een ander bedrijf (B1 en geen bedrijf).",
        "Een persoon hoort bij één bedrijf. Laat één van de regels staan.",
    ),
    (
        finding("row-blank", 5, facts={"count": 1200, "last_row": 1204}),
        "Er staan 1.200 lege regels achter elkaar, tot en met regel 1204; ze zijn overgeslagen.",
        "U hoeft niets te doen.",
    ),
    (
        finding("value-leading-zero", 3, "BedrijfIdentificatieNr", "1234567", facts={
            "problem": "short", "likely": "01234567"}),
        "‘1234567’ is te kort. Waarschijnlijk zijn er nullen vooraan weggevallen: het lijkt ‘01234567’ te"
        " zijn geweest.",
        "Lever de waarde als tekst aan, hier waarschijnlijk ‘01234567’. In een spreadsheet: maak de kolom op als Tekst"
        " en vul de waarde opnieuw in."
        " Doet u niets, dan nemen wij de waarde over zoals die er staat.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("one", "wrong", "wanted"), SENTENCES, ids=lambda value: getattr(value, "code", ""))
def test_dutch_sentences(one: Finding, wrong: str, wanted: str) -> None:
    """A few as a supplier reads them."""
    assert message(one, standard()) == wrong
    assert remedy(one, standard()) == wanted


HOSTILE = "\x1b[31m\u202eevil\x00{value}[x|y]" + "a" * 50_000


def test_hostile_text_is_shown_and_not_obeyed() -> None:
    """Values, headers and facts of a file stand in sentences as signs, and not at full length."""
    facts = dict.fromkeys(
        "found expected header element other definition extern_id read looks_like problem kind likely by".split(),
        HOSTILE,
    )
    for code in CATALOGUE:
        one = finding(code, 7, HOSTILE, HOSTILE, (3,), {**facts, "columns": [HOSTILE], "others": [HOSTILE]})
        for lang in LANGUAGES:
            for text in (message(one, standard(), lang), remedy(one, standard(), lang)):
                assert text.isprintable(), code
                assert len(text) < 500, code


@pytest.mark.parametrize("fact", [None, "", [], {}, True, 1.5, -1, ["a", None], {"x": 1}], ids=repr)
def test_facts_of_any_kind_do_no_harm(fact: object) -> None:
    """A fact that is not what was agreed costs a detail, never the report."""
    names = "bytes limit records files at_least found expected count last_row block problem choices columns".split()
    for code in CATALOGUE:
        one = finding(code, facts=dict.fromkeys(names, fact))
        assert message(one, standard(), "nl"), code
        assert remedy(one, standard(), "en"), code
