"""What an approver is told first, beside what is usual."""

import pytest

from instroom.core.language import Language
from instroom.core.plan.notable import Notable, PlanFigures, notables
from instroom.core.report.notable_text import notable_texts


def usual(*changes: int) -> list[PlanFigures]:
    return [PlanFigures(one, 0, 0) for one in changes]


def texts(found: list[Notable], lang: Language) -> list[str]:
    return notable_texts([one._asdict() for one in found], lang)


WEEKS = usual(41, 20, 60, 35, 900, 0)  # one large file and an empty one are no measure


@pytest.mark.parametrize(
    ("changes", "before", "found"),
    [
        (327, [], Notable("first", 327)),
        (41, WEEKS, Notable("usual", 41, 41, 20, 60)),
        (120, WEEKS, Notable("usual", 120, 41, 20, 60)),
        (121, WEEKS, Notable("more", 121, 41, 20, 60)),
        (327, WEEKS, Notable("more", 327, 41, 20, 60)),
        (9, WEEKS, Notable("fewer", 9, 41, 20, 60)),
        (10, WEEKS, Notable("usual", 10, 41, 20, 60)),
        (8, usual(0, 0), Notable("usual", 8, 0, 0, 0)),  # so few are nothing to notice
        (11, usual(0, 0), Notable("more", 11, 0, 0, 0)),
        (0, usual(5), Notable("usual", 0, 5, 5, 5)),
    ],
)
def test_how_much_changes_beside_what_is_usual(changes: int, before: list[PlanFigures], found: Notable) -> None:
    assert notables(PlanFigures(changes, 0, 0), {}, before) == [found]


def test_what_is_grave_is_told_after_it_with_the_number_of_last_time() -> None:
    warned = {"possible-duplicate": 6, "person-identity-changed": 1, "value-date-implausible": 9}
    found = notables(PlanFigures(327, 12, 3), warned, [PlanFigures(40, 0, 5)], absent=6)
    assert found[1:] == [
        Notable("identity", 1), Notable("duplicates", 6), Notable("unlinked", 12, 0), Notable("cleared", 3, 5),
        Notable("absent", 6),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        (
            "nl",
            [
                "Gewijzigd of nieuw: 327 dossiers. Meestal 20 tot 60.",
                "Bij 1 persoon verandert zoveel aan naam en geboortedatum dat het een ander kan zijn.",
                "Bij 6 regels ontstaat een nieuw dossier dat op een bestaand lijkt.",
                "Geen bedrijf meer: 12 personen. De vorige keer 0.",
                "3 waarden worden gewist. De vorige keer 5.",
                "Staat niet meer in het bestand: 6 personen. Hun gegevens blijven zoals ze zijn.",
            ],
        ),
        (
            "en",
            [
                "Changed or new: 327 dossiers. Usually 20 to 60.",
                "For 1 person, so much of the name and date of birth changes that it may be somebody else.",
                "6 rows would make a new dossier that resembles an existing one.",
                "No company any more: 12 persons. Last time 0.",
                "3 values are cleared. Last time 5.",
                "No longer in the file: 6 persons. Their data stay as they are.",
            ],
        ),
    ],
)
def test_each_is_a_sentence(lang: Language, sentences: list[str]) -> None:
    found = [
        Notable("more", 327, 41, 20, 60), Notable("identity", 1), Notable("duplicates", 6),
        Notable("unlinked", 12, 0), Notable("cleared", 3, 5), Notable("absent", 6),
    ]  # fmt: skip
    assert texts(found, lang) == sentences


def test_where_all_is_as_usual_one_sentence_says_so() -> None:
    assert texts([Notable("usual", 41, 35, 20, 60)], "nl") == [
        "Niets bijzonders: 41 dossiers gewijzigd of nieuw, zoals meestal (20 tot 60)."
    ]
    besides = notable_texts([Notable("usual", 41, 35, 20, 60)._asdict()], "nl", alone=False)
    assert besides == ["41 dossiers gewijzigd of nieuw, zoals meestal (20 tot 60)."]
    assert texts([Notable("usual", 1, 0, 1, 1), Notable("unlinked", 1)], "en") == [
        "1 dossier changed or new, as usual (1).",
        "No company any more: 1 person.",
    ]
