"""What a delivery does, in words: the totals, and a dossier's change."""

from typing import Any

import pytest
from tests.core.report.deliveries import LAYOUT

from instroom.core.fields import FIELDS
from instroom.core.report.plan_text import change_text, field_label, outcome_text
from instroom.core.report.words import words
from instroom.core.wording.catalogue import state_word

OUTCOME: dict[str, Any] = {
    "state": "imported",
    "records": 10_000,
    "left_out": 2,
    "companies": {"new": 1, "changed": 0, "unchanged": 2},
    "persons": {"new": 9_000, "changed": 3, "unchanged": 995, "linked": 8, "relinked": 1, "unlinked": 0},
    "outcomes": {"new": 9_000},
    "cleared": 312,
}


def test_an_outcome_in_dutch() -> None:
    """Every total of the contract, and what would be emptied (B6)."""
    assert outcome_text(OUTCOME).splitlines() == [
        "geïmporteerd: 10.000 ingevulde regels, 2 overgeslagen",
        "Bedrijven: 1 nieuw, 0 gewijzigd, 2 ongewijzigd",
        "Personen: 9.000 nieuw, 3 gewijzigd, 995 ongewijzigd",
        "Koppelingen: 8 gekoppeld, 1 naar een ander bedrijf, 0 zonder bedrijf",
        "312 waarden worden gewist",
    ]


def test_an_outcome_with_the_contract_alone_in_english() -> None:
    """Nothing is said of what was not counted."""
    outcome = {key: value for key, value in OUTCOME.items() if key not in ("cleared", "outcomes")}
    assert outcome_text({**outcome, "state": "planned", "records": 1}, "en").splitlines() == [
        "this is how it would go: 1 row with data, 2 left out",
        "Companies: 1 new, 0 changed, 2 unchanged",
        "Persons: 9,000 new, 3 changed, 995 unchanged",
        "Links: 8 linked, 1 moved to another company, 0 unlinked",
    ]


CHANGE: dict[str, Any] = {
    "kind": "person",
    "action": "changed",
    "source": "HR",
    "extern_id": "13DeRQ",
    "fields": {
        "date_of_birth": ["1980-02-03", "1981-02-03"],
        "work_phone": ["020 5550123", ""],
        "home_address.country": ["", "BE"],
    },
    "categories": [["Functie", "BHV"]],
    "categories_removed": [["Functie", "EHBO"]],
    "free_fields": {"VrijveldMaat": ["42", "43"], "VrijveldKluis": [None, "7"]},
    "link": ["relinked", "B1", "B2"],
}


def test_a_change_in_dutch() -> None:
    """Labels of the layout, dates as people write them, old before new."""
    assert change_text(CHANGE, LAYOUT).splitlines() == [
        "Persoon 13DeRQ (HR): gewijzigd",
        "  Geboortedatum: 03-02-1980 → 03-02-1981",
        "  Telefoonnummer werk: 020 5550123 → leeg",
        "  Land van het privéadres: BE",
        "  categorie: Functie: BHV",
        "  categorie vervalt: Functie: EHBO",
        "  vrij veld VrijveldMaat: 42 → 43",
        "  vrij veld VrijveldKluis: 7",
        "  van bedrijf B1 naar bedrijf B2",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Jаnsen", "Jansen", "verschilt alleen in tekens die op elkaar lijken: ‘а’ is Cyrillisch en ‘a’ is Latijns"),
        ("JANSEN", "Jansen", "verschilt alleen in hoofdletters"),
        ("Jansén", "Jansen", "verschilt alleen in accenten"),
        ("Jansens", "Jansen", ""),
    ],
)
def test_what_differs_so_little_that_the_eye_may_miss_it_is_said(old: str, new: str, said: str) -> None:
    change = {"kind": "person", "action": "changed", "source": "", "extern_id": "1", "fields": {"surname": [old, new]}}
    line = change_text(change, LAYOUT).splitlines()[1]
    assert line == f"  Achternaam: {old} → {new}" + (f" ({said})" if said else "")


def test_dates_in_english_are_those_of_iso_8601() -> None:
    """Who reads English may take 03-02 for another day."""
    assert "  Date of birth: 1980-02-03 → 1981-02-03" in change_text(CHANGE, LAYOUT, "en").splitlines()


def test_an_undo_is_about_dossiers() -> None:
    """It has no file, so no rows of one."""
    undo = {"state": "imported", "records": 4, "left_out": 1, "kept": []}
    assert outcome_text(undo) == "uitgevoerd: 4 dossiers, 1 ongemoeid gelaten"
    assert outcome_text({**undo, "state": "planned"}, "en") == (
        "this is how it would go: 4 dossiers, 1 left as they are"
    )
    assert outcome_text({**undo, "state": "undone"}) == "teruggedraaid: 4 dossiers, 1 ongemoeid gelaten"


def test_a_category_that_goes_in_english() -> None:
    """Only an undo takes one away (B8, D8)."""
    change = {"kind": "person", "action": "changed", "source": "", "extern_id": "1", "categories_removed": [["F", "B"]]}
    assert change_text(change, LAYOUT, "en").splitlines() == ["Person 1: changed", "  category removed: F: B"]


@pytest.mark.parametrize(
    ("link", "dutch", "english"),
    [
        (["linked", None, "B2"], "gekoppeld aan bedrijf B2", "linked to company B2"),
        (["unlinked", "B1", None], "niet meer gekoppeld aan bedrijf B1", "no longer linked to company B1"),
        (["relinked", None, "B2"], "van bedrijf – naar bedrijf B2", "from company – to company B2"),
    ],
)
def test_links(link: list[str | None], dutch: str, english: str) -> None:
    """Also where the other company is not known by name."""
    change = {"kind": "person", "action": "unchanged", "source": "", "extern_id": "1", "link": link}
    assert change_text(change, LAYOUT).splitlines() == ["Persoon 1: alleen de koppeling", f"  {dutch}"]
    assert change_text(change, LAYOUT, "en").splitlines() == ["Person 1: link only", f"  {english}"]


def test_stored_text_does_not_reach_the_terminal_raw() -> None:
    """What was once delivered can be as hostile as what is now."""
    evil = "\x1b[2J\u202e{0}" + "x" * 500
    change = {**CHANGE, "extern_id": evil, "source": evil, "fields": {"surname": [evil, evil]}, "link": None}
    change |= {"categories": [[evil, evil]], "categories_removed": [[evil, evil]], "free_fields": {evil: [evil, evil]}}
    text = change_text(change, LAYOUT)
    assert text.replace("\n", "").isprintable()
    assert len(text) < 1_000


@pytest.mark.parametrize("kind", ["company", "person"])
def test_every_field_has_a_label_of_its_own(kind: Any) -> None:
    """In both languages, short, and none like another's."""
    for lang in ("nl", "en"):
        labels = [field_label(kind, field, LAYOUT, lang) for field in FIELDS[kind]]  # type: ignore[arg-type]
        assert len(set(labels)) == len(labels)
        assert not any(mark in label for label in labels for mark in ";,:")


def test_states_in_words() -> None:
    assert state_word("awaiting-approval", "nl") == "wacht op akkoord"
    assert state_word("superseded", "en") == "superseded"


def test_both_languages_have_the_same_words() -> None:
    """Subject by subject."""
    dutch, english = words("nl"), words("en")
    assert {subject: list(texts) for subject, texts in dutch.items()} == {
        subject: list(texts) for subject, texts in english.items()
    }
