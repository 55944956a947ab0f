"""Words that everybody understands, where a column's type has one meaning for them."""

import pytest
from tests.core.check.tables import PERSON, checked, only

from instroom.core.check.judges.everyday_words import folded
from instroom.core.fields import PERSON_FIELDS
from instroom.core.layout.codes import countries, country_names, language_names, languages

COLUMNS = {
    "PersoonGeslacht": "gender",
    "PersoonActief": "active",
    "PersoonPriveLand": "home_address.country",
    "PersoonTaal": "language",
}


@pytest.mark.parametrize(
    ("column", "text", "canonical"),
    [
        *(("PersoonGeslacht", word, "M") for word in ("Man", "male", "MANNELIJK", "Dhr.", "de heer")),
        *(("PersoonGeslacht", word, "V") for word in ("Vrouw", "Female", "F", "v.", "mevr.", "Mej.")),
        *(("PersoonGeslacht", word, "X") for word in ("Anders", "non-binair", "divers")),
        *(("PersoonGeslacht", word, "O") for word in ("Onbekend", "unknown")),
        *(("PersoonActief", word, "Ja") for word in ("J", "Y", "yes", "TRUE", "true", "WAAR", "1", "1.0", "VRAI")),
        *(("PersoonActief", word, "Nee") for word in ("N", "no", "FALSE", "ONWAAR", "0", "0.0", "falsch")),
        *(("PersoonPriveLand", word, "NL") for word in ("Nederland", "NLD", "The Netherlands", "N.L.", "Holland")),
        *(("PersoonPriveLand", word, "BE") for word in ("België", "Belgie", "BELGIË", "Belgium", "Belgique", "BEL")),
        *(("PersoonPriveLand", word, "DE") for word in ("Duitsland", "Germany", "DEU", "Deutschland")),
        *(("PersoonPriveLand", word, "GB") for word in ("UK", "U.K.", "Groot-Brittannië", "Engeland", "GBR")),
        *(("PersoonPriveLand", word, "US") for word in ("USA", "U.S.A.", "VS", "Verenigde Staten")),
        *(("PersoonPriveLand", word, "NL") for word in ("NL - Nederland", "Nederland (NL)", "Netherlands, The")),
        ("PersoonPriveLand", "Curacao", "CW"),
        ("PersoonPriveLand", "Côte d'Ivoire", "CI"),
        *(("PersoonTaal", word, "nl") for word in ("Nederlands", "Dutch", "nl-NL", "nl_NL", "NLD", "dut", "Vlaams")),
        ("PersoonTaal", "Dutch (Belgium)", "nl"),
        *(("PersoonTaal", word, "en") for word in ("Engels", "English", "en-GB", "en_US.UTF-8", "eng")),
        *(("PersoonTaal", word, "de") for word in ("Duits", "Deutsch", "German", "de-AT", "ger")),
    ],
)  # fmt: skip
def test_a_word_that_everybody_understands(column: str, text: str, canonical: str) -> None:
    found = checked({**PERSON, column: text})
    item = only(found)
    assert (item.code, item.severity, item.value) == ("value-understood", "notice", text)
    assert item.facts["likely"] == canonical
    person = found.records[0].person
    assert person is not None
    assert person.fields[PERSON_FIELDS.index(COLUMNS[column])] == canonical


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        *(("PersoonGeslacht", word, "value-not-in-list") for word in ("1", "2", "0", "9", "D", "Mr.", "H")),
        *(("PersoonActief", word, "value-not-in-list") for word in ("X", "actief", "-1", "Oui", "aan", "2")),
        *(("PersoonPriveLand", word, "value-country") for word in ("Congo", "BE - Nederland", "528", "XK", "D", "EN")),
        *(("PersoonTaal", word, "value-language") for word in ("Onbekend", "xx-YY", "GB", "Belgisch", "Noors?")),
    ],
)  # fmt: skip
def test_what_may_mean_more_than_one_thing(column: str, text: str, code: str) -> None:
    item = only(checked({**PERSON, column: text}))
    assert (item.code, item.severity) == (code, "error")


def test_what_may_be_meant_is_named() -> None:
    assert only(checked({**PERSON, "PersoonPriveLand": "D"})).facts["likely"] == "DE"


def test_a_column_tells_its_words_once() -> None:
    words = ["Man", "Vrouw", "V", "Vrouw"]
    found = checked(*({**PERSON, "PersoonExternId": f"P{n}", "PersoonGeslacht": word} for n, word in enumerate(words)))
    item = only(found)
    assert (item.row, item.facts["count"], item.facts["examples"]) == (2, 3, ["Man → M", "Vrouw → V"])


def test_what_depends_on_a_country_knows_its_name() -> None:
    record = {**PERSON, "PersoonPriveLand": "België", "PersoonPrivePostcode": "1000"}
    assert only(checked(record)).code == "value-understood"


@pytest.mark.parametrize(("names", "codes"), [(country_names(), countries()), (language_names(), languages())])
def test_each_name_has_one_code(names: dict[str, str], codes: tuple[str, ...]) -> None:
    assert set(names.values()) <= set(codes)
    assert len({folded(name) for name in names}) == len(names)
    assert not {folded(name) for name in names} & {code.casefold() for code in codes}
