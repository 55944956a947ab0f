"""Words for nothing, and text that a program has garbled (product.md A5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.check.tables import COMPANY, PERSON, checked, only

from instroom.core.check.spoilt.encodings import mended
from instroom.core.fields import PERSON_FIELDS

WORDS = ["NULL", "null", "\\N", "nan", "NaN", "None", "none", "nil", "N/A", "n/a", "n.v.t.", "nvt", "NVT", "N.v.t."]
WORDS += ["-", "--", "–", "(leeg)", "(blank)", "leeg", "empty", "undefined", "<NA>", "NA", "Niet van toepassing"]
WORDS += [
    "[leeg]",
    "<geen>",
    "{null}",
    "N / A",
    "k.A.",
    "nvt.",
    "DBNull",
    "()",
    "''",
    '""',
    "-----",
    "‑",
    "n.a",
    "niet ingevuld",
    "[object Object]",
    "Maak een keuze",
    "-- kies --",
    "(Select)",
    "Kies een optie",
    "KIES UW AFDELING",
    "Select an option",
    "Select…",
    "Selecteer...",
    "-- None --",
    "- Geen -",
    "<nil>",
    "#NULL#",
    "null;",
    "NaN%",
    "n. v. t.",
    "Niet beschikbaar",
    "(vide)",
    "-geen-",
    "—kies—",
    "{{functie}}",
    "${functie}",
]


@pytest.mark.parametrize("word", WORDS)
def test_words_for_nothing(word: str) -> None:
    item = only(checked({**PERSON, "PersoonAfdeling": word}))
    assert (item.code, item.severity, item.facts["problem"]) == ("value-nothing", "warning", "kept")
    key = only(checked({**PERSON, "PersoonExternId": word}))
    assert (key.code, key.severity, key.facts["problem"]) == ("value-nothing", "error", "key")


@pytest.mark.parametrize("word", ["geen", "Onbekend", "unknown", "?", ".", "x", "___", "***", "-.-", "……"])
def test_words_that_are_nothing_in_a_key_alone(word: str) -> None:
    assert only(checked({**COMPANY, "BedrijfExternId": word})).severity == "error"
    assert checked({**PERSON, "PersoonAfdeling": word}).findings == []


def test_other_cells_make_no_word_for_nothing_of_a_value() -> None:
    texts = ("Geen.", "Zorg, wonen", "A...")
    assert checked(*({**PERSON, "PersoonExternId": text[0], "PersoonAfdeling": text} for text in texts)).findings == []


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("PersoonVoornaam", "Nil"),
        ("PersoonVoornaam", "Nan"),
        ("PersoonAchternaam", "Blank"),
        ("PersoonAchternaam", "Leeg"),
        ("PersoonVoorletters", "N.A."),
        ("PersoonVoorletters", "NA"),
        ("PersoonVoorletters", "K.A."),
        ("PersoonPriveLand", "NA"),
        ("PersoonTaal", "na"),
        ("PersoonPriveToevoeging", "0"),
        ("PersoonAfdeling", "Nationaal"),
        ("PersoonAfdeling", "A - B"),
        ("PersoonAfdeling", "Kies en Select"),
        ("PersoonAfdeling", "(Noord)"),
        ("PersoonAchternaam", "Kies"),
    ],
)
def test_what_is_no_word_for_nothing(column: str, text: str) -> None:
    assert checked({**PERSON, column: text}).findings == []


@pytest.mark.parametrize(
    ("text", "severity"),
    [("Null", "warning"), ("None", "warning"), ("NULL", "error"), ("nan", "error"), ("-", "error")],
)
def test_a_surname(text: str, severity: str) -> None:
    item = only(checked({**PERSON, "PersoonAchternaam": text}))
    assert (item.code, item.severity) == ("value-nothing", severity)
    assert item.facts["problem"] == ("name" if severity == "warning" else "required")  # no advice to leave it blank


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("PersoonGeboortedatum", "0000-00-00"),
        ("PersoonGeboortedatum", "n.v.t."),
        ("PersoonEmailWerk", "-"),
        ("PersoonEmailWerk", "geen"),
        ("PersoonGeboortedatum", "onbekend"),
        ("PersoonGeboortedatum", "dd-mm-jjjj"),
        ("PersoonGeboortedatum", "--/--/----"),
        ("PersoonGeslacht", "Kies een optie"),
        ("PersoonGeslacht", "NULL"),
        ("PersoonActief", "nan"),
        ("PersoonPriveLand", "N/A"),
        ("PersoonTaal", "-"),
    ],
)
def test_where_no_such_word_can_be_kept(column: str, text: str) -> None:
    item = only(checked({**PERSON, column: text}))
    assert (item.code, item.severity, item.facts["problem"]) == ("value-nothing", "error", "typed")
    found = checked({**PERSON, column: text}, nothing_words="blank")
    assert (only(found).severity, len(found.records)) == ("notice", 1)


def test_words_that_are_read_as_blank_are_said_once_for_a_column() -> None:
    records = [{**PERSON, "PersoonExternId": f"P{n}", "PersoonAfdeling": "n.v.t."} for n in range(3)]
    found = checked(*records, nothing_words="blank")
    item = only(found)
    assert (item.code, item.severity, item.row, item.facts["count"]) == ("value-nothing", "notice", 2, 3)
    assert {record.person.fields[PERSON_FIELDS.index("department")] for record in found.records if record.person} == {
        ""
    }


def test_half_of_a_pair_that_is_read_as_blank_is_not_missing() -> None:
    pair = {"PersoonCategorieGroep1": "Soort", "PersoonCategorie1": "n.v.t."}
    found = checked({**PERSON, **pair}, nothing_words="blank")
    assert (only(found).code, only(found).severity) == ("value-nothing", "notice")
    assert [record.person.categories for record in found.records if record.person] == [()]


def test_a_key_and_a_required_value_are_never_read_as_blank() -> None:
    record = {**PERSON, **COMPANY, "BedrijfExternId": "-", "BedrijfExternSource": "-", "PersoonAchternaam": "-"}
    found = checked(record, nothing_words="blank")
    assert {item.severity for item in found.findings} == {"error"}
    assert not found.records


@pytest.mark.parametrize(
    ("text", "problem", "likely"),
    [
        ("JosÃ©", "encoding", "José"),
        ("GarcÃ\u00ada MÃ¼ller", "encoding", "García Müller"),
        ("Oâ€™Brien", "encoding", "O’Brien"),
        ("JosÃƒÂ©", "encoding", "José"),
        ("Jos√©", "encoding", "José"),
        ("M├╝ller", "encoding", "Müller"),
        ("K”ln", "encoding", "Köln"),
        ("Ð˜Ð²Ð°Ð½", "encoding", "Иван"),
        ("Jos\ufffd", "lost", None),
        ("Josï¿½", "encoding", None),
        ("M?ller", "question-mark", None),
        ("IT\u00c2 Beheer", "encoding", "IT Beheer"),
        ("Mu00fcller", "escaped", "Müller"),
        ("Caf+AOk-", "escaped", "Café"),
        ("IT&nbsp", "html", "IT"),
        ("M??ller", "question-mark", None),
        ("M¿ller", "box", None),
        ("Jos□", "box", None),
        ("M&#252ller", "html", "Müller"),
        ("caf%E9", "url", "café"),
        ("12;#Hoofd", "escaped", "Hoofd"),
        ("Hoofd;#12", "escaped", "Hoofd"),
        ('["Hoofd"]', "escaped", "Hoofd"),
        ("['Hoofd IT']", "escaped", "Hoofd IT"),
        ("Bouw \uf0b7 sloop", "symbol", None),
        ("\ue000", "symbol", None),
        ("Proef\U000f0001", "symbol", None),
        ("O&#039;Brien", "html", "O'Brien"),
        ("A &amp;amp; B", "html", "A & B"),
        ("M&uuml;ller", "html", "Müller"),
        ("Jan&nbsp;Piet", "html", "Jan Piet"),
        ("Jan<br/>Piet", "html", "Jan Piet"),
        ("Jan%20Piet", "url", "Jan Piet"),
        ("Jos%C3%A9", "url", "José"),
        ("Jos\\u00e9", "escaped", "José"),
        ("Jos=C3=A9", "escaped", "José"),
        ('"Proefveld"', "quotes", "Proefveld"),
        ("'Proefveld'", "quotes", "Proefveld"),
        ("“Proefveld”", "quotes", "Proefveld"),
        ('"Hoofd', "quotes", "Hoofd"),
        ('De ""Ster""', "quotes", 'De "Ster"'),
        ("O''Brien", "quotes", "O'Brien"),
        (r"O\'Brien", "escaped", "O'Brien"),
        (r"Jos\'e9", "escaped", "José"),
        ("M_x00FC_ller", "escaped", "Müller"),
        ("Hoofd_x000D_IT", "escaped", "Hoofd IT"),
        (r"Hoofd\r\nIT", "escaped", "Hoofd IT"),
        ("=?UTF-8?Q?Jos=C3=A9?=", "escaped", "José"),
        ("=?utf-8?B?Sm9zw6k=?=", "escaped", "José"),
        ("=?utf-8?Q?Jos=FF=00?=", "escaped", None),
        ("b'Hoofd'", "escaped", "Hoofd"),
        (r"b'Jos\xc3\xa9'", "escaped", "José"),
        ("<![CDATA[Hoofd]]>", "html", "Hoofd"),
        ("Ren‚ Jansen", "encoding", "René Jansen"),
        ("Zo‰", "encoding", "Zoë"),
        ("M=FCller", "escaped", "Müller"),
        ("M%FCller", "url", "Müller"),
        ("<b>Hoofd</b> IT<br>Zorg", "html", "Hoofd IT Zorg"),
    ],
)
def test_garbled_text(text: str, problem: str, likely: str | None) -> None:
    found = checked({**PERSON, "PersoonFunctie": text})
    item = next(item for item in found.findings if item.code == "value-garbled")
    assert (item.severity, item.facts["problem"], item.facts.get("likely")) == ("warning", problem, likely)
    assert len(found.records) == 1


@pytest.mark.parametrize(
    "text",
    ["O'Brien", "D’Angelo", "'t Hart", "’s-Gravenhage", "São", "CONCEIÇÃO", "CAFÉ…", "Dé", "«été» d’été", "„Hof“ X",
     'De "Ster"', '"De Ster" B.V.', '19"', "R&D;", "AT&T", "100%", "Wie? Wat?", "a < b", "<onbekend>", "A=B",
     r"C:\users", "Łódź", "Jans'", "d’été l’état", "50%CAO", "a=FF",
     "¿Qué?", "Wat??", "[intern]", "100%E9", "A;#B", "□ ja", "_x_", "Rob's", "‚Hof‘", "5‰", "b'Hof"],
)  # fmt: skip
def test_text_that_is_not_garbled(text: str) -> None:
    assert [item for item in checked({**PERSON, "PersoonFunctie": text}).findings if item.code != "x"] == []


@pytest.mark.parametrize("text", ["JosÃ©", "M&uuml;ller", "'P1'", "M?ller", "Jos\ufffd"])
def test_a_garbled_key_is_an_error(text: str) -> None:
    item = only(checked({**PERSON, "PersoonExternId": text}))
    assert (item.code, item.severity) == ("value-garbled", "error")


@pytest.mark.parametrize(
    ("column", "text", "likely"),
    [
        ("PersoonEmailWerk", "josÃ©@voorbeeld.example", "josé@voorbeeld.example"),
        ("PersoonEmailWerk", "o&#039;brien@voorbeeld.example", "o'brien@voorbeeld.example"),
        ("PersoonEmailWerk", "jan%40voorbeeld.example", "jan@voorbeeld.example"),
        ("PersoonPriveLand", "BelgiÃ«", "België"),
        ("PersoonTaal", "FranÃ§ais", "Français"),
        ("PersoonGeslacht", "'M'", "M"),
        ("PersoonActief", '"Ja"', "Ja"),
        ("PersoonVrijveldDefinitie1", "Vrijveld&amp;", "Vrijveld&"),
        ("PersoonAchternaam", "Å\x81ukasz", "Łukasz"),
        ("PersoonAchternaam", "Ð\x98Ð²Ð°Ð½", "Иван"),
    ],
)
def test_the_cause_is_said_where_the_value_is_refused_anyhow(column: str, text: str, likely: str) -> None:
    found = checked({**PERSON, column: text}).findings
    assert [(item.severity, item.facts["likely"]) for item in found if item.code == "value-garbled"] == [
        ("error", likely)
    ]
    assert not [item for item in found if item.code in ("value-email", "value-control-character")]


@pytest.mark.parametrize(
    "text",
    [
        "jan+Ads-2024@voorbeeld.example",
        "jan+test@voorbeeld.example",
        "o'brien@voorbeeld.example",
        "a=b@voorbeeld.example",
    ],
)
def test_an_address_that_is_not_garbled(text: str) -> None:
    assert checked({**PERSON, "PersoonEmailWerk": text}).findings == []


def test_an_address_of_the_web_may_have_codes() -> None:
    address = "https://voorbeeld.example/a%20b?c=d"
    for column in ("BedrijfWebsite", "BedrijfOpmerking"):
        assert checked({**COMPANY, column: address}).findings == []
    assert checked({**COMPANY, "BedrijfOpmerking": f"Zie {address}, 20%20 korting"}).findings == []


def test_a_category_with_a_semicolon_stays_refused() -> None:
    found = checked({**PERSON, "PersoonCategorieGroep1": "Rol", "PersoonCategorie1": "Caf&eacute;"})
    assert only(found).code == "category-name"


@given(st.text(st.characters(max_codepoint=0xFF, categories=["L"]), min_size=1, max_size=8))
def test_what_was_garbled_is_mended(text: str) -> None:
    for encoding in ("cp1252", "mac_roman"):
        garbled = text.encode().decode(encoding, errors="replace")
        if not text.isascii() and "\ufffd" not in garbled and mended(text) is None:
            assert mended(garbled) == text


@pytest.mark.parametrize(
    ("text", "likely"),
    [("BTW NL000099998B57", "NL000099998B57"), ("btw-nr: BE0000000097", "BE0000000097"), ("vrijgesteld", None),
     ("geen", None), ("btw nr.: NL000099998B57", "NL000099998B57"), ("vrijgesteld van btw (zorg)", None),
     ("NL000099998BO1", None), ("NLO00099998B57", "NL000099998B57"), ("BTW", None), ("BTW NL000099998B58", None)],
)  # fmt: skip
def test_words_in_a_vat_number(text: str, likely: str | None) -> None:
    item = only(checked({**COMPANY, "BedrijfBtwNummer": text}))
    assert (item.code, item.facts.get("likely")) == ("value-vat-number", likely)


@pytest.mark.parametrize(
    ("text", "severity"),
    [("?", "error"), ("*", "error"), ("...", "error"), ("xxx", "warning"), ("onbekend", "warning")],
)
def test_a_surname_that_is_none(text: str, severity: str) -> None:
    item = only(checked({**PERSON, "PersoonAchternaam": text}))
    assert (item.code, item.severity) == ("value-nothing", severity)


@pytest.mark.parametrize("column", ["BedrijfOpmerking", "BedrijfBtwNummer"])
@pytest.mark.parametrize("before", ["", "&#", "&amp; &#", "DE", "btw: "])
def test_thousands_of_digits_are_but_too_long(column: str, before: str) -> None:
    assert only(checked({**COMPANY, column: before + "9" * 50_000})).code == "value-too-long"


def test_a_tab_that_html_wrote_is_found() -> None:
    assert only(checked({**PERSON, "PersoonAfdeling": "Zorg&#9;Noord"})).facts["problem"] == "html"
