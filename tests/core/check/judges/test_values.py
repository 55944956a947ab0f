"""Single values: what is taken, in which canonical text, and what is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.check.tables import COMPANY, PERSON, checked, only

from instroom.core.check.faults import Fault
from instroom.core.check.judges.contact import (
    NOT_AN_EMAIL,
    USUAL_EMAIL,
    USUAL_PHONE,
    judge_email,
    judge_phone,
    judge_url,
)
from instroom.core.check.judges.dates import judge_date
from instroom.core.check.judges.registration import is_kbo, judge_registration_number
from instroom.core.check.judges.vat import judge_vat_number
from instroom.core.fields import COMPANY_FIELDS, PERSON_FIELDS
from instroom.core.layout.codes import countries, languages
from instroom.core.model import CellNote

NUMBER_CELL = {"problem": "number-cell"}
FIELDS_OF = {"Bedrijf": (COMPANY, COMPANY_FIELDS), "Persoon": (PERSON, PERSON_FIELDS)}


@pytest.mark.parametrize(
    ("column", "field", "text", "canonical"),
    [
        ("PersoonGeboortedatum", "date_of_birth", "1-2-1980", "1980-02-01"),
        ("PersoonGeboortedatum", "date_of_birth", "1980-02-01", "1980-02-01"),
        ("PersoonGeboortedatum", "date_of_birth", "29-02-2024", "2024-02-29"),
        ("PersoonGeslacht", "gender", "v", "V"),
        ("PersoonActief", "active", "NEE", "Nee"),
        ("PersoonTaal", "language", "NL", "nl"),
        ("PersoonPriveLand", "home_address.country", "be", "BE"),
        ("PersoonPrivePostcode", "home_address.postal_code", "1234ab", "1234 AB"),
        ("PersoonOpmerking", "remarks", "a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("PersoonAfdeling", "department", "Ünïcode – “tekst”", "Ünïcode – “tekst”"),
        ("BedrijfIdentificatieNrType", "registration_type", "kvk", "KVK"),
        ("BedrijfTelefoon", "phone", "+31 20 1234567", "+31 20 1234567"),
    ],
)
def test_canonical_text(column: str, field: str, text: str, canonical: str) -> None:
    base, fields = FIELDS_OF[column[:7]]
    found = checked({**base, column: text})
    assert found.findings == []
    part = found.records[0].person or found.records[0].company
    assert part is not None
    assert part.fields[fields.index(field)] == canonical


@pytest.mark.parametrize(
    ("column", "text", "code", "facts"),
    [
        ("PersoonGeboortedatum", "23-11-2026", "value-date-implausible", {"problem": "future"}),
        ("PersoonGeboortedatum", "21-11-1906", "value-date-implausible", {"problem": "too-old"}),
        ("PersoonGeslacht", "1", "value-not-in-list", {"choices": ["M", "V", "X", "O"]}),
        ("PersoonActief", "actief", "value-not-in-list", {"choices": ["Ja", "Nee"]}),
        ("PersoonPrivePostcode", "1234 SA", "value-postal-code", {"country": "NL"}),
        ("PersoonMobiel", "600000000", "value-leading-zero", {"problem": "short", "likely": "0600000000"}),
        ("PersoonVoorletters", "A" * 21, "value-too-long", {"length": 21, "max_length": 20}),
        ("PersoonAfdeling", "a\x00b", "value-control-character", {"codepoint": "U+0000", "position": 2}),
        ("PersoonAfdeling", "a\tb", "value-control-character", {"codepoint": "U+0009", "position": 2}),
        ("PersoonAfdeling", "a\u2028b", "value-control-character", {"codepoint": "U+2028", "position": 2}),
        ("PersoonOpmerking", "a\n\ud800", "value-control-character", {"codepoint": "U+D800", "position": 3}),
        ("PersoonOpmerking", "\ufffe", "value-control-character", {"codepoint": "U+FFFE", "position": 1}),
        ("PersoonAfdeling", " x", "value-whitespace", {}),
        ("PersoonAfdeling", "-1,5e-3", "value-scientific", {}),
        ("PersoonAfdeling", "#waarde!", "value-excel-error", {}),
        ("BedrijfIdentificatieNr", "1234567", "value-leading-zero", {"problem": "short", "likely": "01234567"}),
        ("BedrijfIdentificatieNr", "12345", "value-registration-number", {"kind": "KVK"}),
    ],
)
def test_facts_of_a_finding(column: str, text: str, code: str, facts: dict[str, object]) -> None:
    base, _ = FIELDS_OF[column[:7]]
    item = only(checked({**base, column: text}))
    assert (item.code, item.row, item.column, item.value, dict(item.facts)) == (code, 2, column, text, facts)


@pytest.mark.parametrize("text", ["22-11-2026", "22-11-1906"])
def test_the_edges_of_a_plausible_birth(text: str) -> None:
    assert checked({**PERSON, "PersoonGeboortedatum": text}).findings == []


@pytest.mark.parametrize(
    "text",
    ["30-02-2020", "29-02-1900", "00-01-2000", "01-13-2000", "1-1-0000", "01-01-20", "2020-1-1", "01.01.2020",
     "1/1/2020", "20200101", "01-01-2020 00:00", "٠١-٠١-٢٠٢٠", "01--01-2020", "43831"],
)  # fmt: skip
def test_no_date(text: str) -> None:
    judgement = judge_date(text, "")
    assert isinstance(judgement, Fault) and judgement.code == "value-date" and judgement.canonical is None


@given(st.dates())
def test_every_day_of_the_calendar_is_a_date(day: object) -> None:
    iso = str(day)
    year, month, date = iso.split("-")
    for text in (iso, f"{date}-{month}-{year}", f"{int(date)}-{int(month)}-{year}"):
        assert judge_date(text, "") == iso


@pytest.mark.parametrize(
    "text", ["a@b.nl", "a.b+c@d-e.example", "é@voorbeeld.example", "x@sub.müller.example", "x@xn--mller-kva.example"]
)
def test_an_email_address(text: str) -> None:
    assert judge_email(text, "") == text


@pytest.mark.parametrize(
    "text",
    ["a", "a@", "@b.nl", "a@b", "a@b..nl", ".a@b.nl", "a.@b.nl",
     "a b@c.nl", "a@-b.nl", "a@b-.nl", "a@b.n", "a@b.1", "ab.nl", "http://a@b.nl", "a@b@c", "a" * 65 + "@b.nl",
     "a@" + "b" * 64 + ".nl", "a@[192.0.2.1]"],
)  # fmt: skip
def test_no_email_address(text: str) -> None:
    assert judge_email(text, "") == Fault("value-email")


def test_what_stands_around_an_email_address_is_known() -> None:
    for text in ("<a@b.nl>", "Jan <a@b.nl>", "mailto:a@b.nl", "a@b.nl.", "'a@b.nl", "a@b.nl;", "a@b.nl#mailto:a@b.nl#",
                 "a @b.nl", "a@ b.nl", "a@@b.nl", "a(at)b.nl", "a@b,nl", "a@b.nl (werk)"):  # fmt: skip
        assert judge_email(text, "") == Fault("value-email", {"likely": "a@b.nl"}), text
    for text in ("a@b.nl,c@d.nl", "a@b.nl;c@d.nl", "a@b.nl / c@d.nl"):
        assert judge_email(text, "") == Fault("value-email", {"problem": "several"}), text


@pytest.mark.parametrize(
    ("text", "abroad"),
    [
        ("0612345678", ""),
        ("06-1234 5678", ""),
        ("+31612345678", ""),
        ("+31 (0)6 12345678", ""),
        ("0031 6 12345678", ""),
        ("0800-0000", ""),
        ("0900 0000000", ""),
        ("14 010", ""),
        ("097012345678", ""),
        ("+32475123456", ""),
        ("021234567", "abroad"),
        ("612345678", "abroad"),
    ],
)
def test_a_phone_number(text: str, abroad: str) -> None:
    assert judge_phone(text, abroad) == text


@pytest.mark.parametrize(
    "text", ["0012", "06123456", "061234567890", "+", "+0123456789", "geen", "06 12345678x", "0000000000"]
)
def test_no_phone_number(text: str) -> None:
    assert judge_phone(text, "") == Fault("value-phone")


@pytest.mark.parametrize(
    "text", ["http://a.nl", "https://www.a.nl:8080/b?c=d#e", "WWW.A.NL", "a.nl/é", "https://192.0.2.1/x"]
)
def test_a_web_address(text: str) -> None:
    assert judge_url(text, "") == text


@pytest.mark.parametrize(
    "text", ["a", "http://", "https://a", "ftp://a.nl", "a.nl b.nl", "www.", "info@a.nl", "data:text/html,x"]
)
def test_no_web_address(text: str) -> None:
    assert judge_url(text, "") == Fault("value-url")


@given(st.integers(1, 19_999_999))
def test_a_kbo_number_has_one_right_check_number(stem: int) -> None:
    digits = f"{stem:08}"
    right = [check for check in range(100) if is_kbo(f"{digits}{check:02}")]
    assert right == [97 - stem % 97]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("HRB 12345", "HRB"), ("HRB12345", "HR"), ("12345", "HRA"), ("Amtsgericht Hamburg HRA 123 B", "HRA"), ("x", "")],
)
def test_a_registration_number(text: str, kind: str) -> None:
    assert judge_registration_number(text, kind) == text


def test_a_registration_number_with_more_around_it() -> None:
    for text in ("12.345.678", "12 34 56 78", "KvK 12345678", "K.v.K.-nummer: 12345678", "NL12345678"):
        judgement = judge_registration_number(text, "KVK")
        assert isinstance(judgement, Fault)
        assert judgement.facts == {"kind": "KVK", "likely": "12345678"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [("HRB 12345", "HRA"), ("HRB", "HRB"), ("HRB 1234567", "HRB"), ("1234567a", "KVK"), ("0000.000.096", "KBO")],
)
def test_no_registration_number(text: str, kind: str) -> None:
    assert judge_registration_number(text, kind) == Fault("value-registration-number", {"kind": kind})


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("NL000099998B57", ""),
        ("nl 0000.99.998.b57", ""),
        ("000099998B57", "NL"),
        ("BE0000000097", ""),
        ("0000000097", "BE"),
        ("DE136695976", ""),
        ("136695976", "DE"),
        ("XX123", ""),
    ],
)
def test_a_vat_number(text: str, country: str) -> None:
    assert judge_vat_number(text, country) == text


@pytest.mark.parametrize(
    ("text", "country"),
    [("NL000099998B58", ""), ("BE0000000098", ""), ("DE136695977", ""), ("000099998", "NL"), ("NLé1", "")],
)
def test_no_vat_number(text: str, country: str) -> None:
    assert judge_vat_number(text, country) == Fault("value-vat-number")


@pytest.mark.parametrize("text", ["vrijgesteld", "geen", "NL", "é", "BTW", "In aanvraag"])
def test_a_word_for_a_vat_number(text: str) -> None:
    assert judge_vat_number(text, "NL") == Fault("value-vat-number", {"problem": "word"})


def test_a_phone_number_is_judged_by_every_address_of_its_record() -> None:
    record = {**COMPANY, **PERSON, "BedrijfPostLand": "BE", "PersoonTelefoonWerk": "021234567"}
    assert checked(record).findings == []


def test_what_depends_on_a_faulty_country_is_not_judged() -> None:
    record = {
        **PERSON,
        "PersoonPriveLand": "Atlantis",
        "PersoonPrivePostcode": "x",
        "PersoonTelefoonPrive": "021234567",
    }
    assert only(checked(record)).code == "value-country"


@pytest.mark.parametrize(
    ("column", "text", "note", "code", "facts"),
    [
        ("PersoonMobiel", "600000000", CellNote.NUMBER, "value-leading-zero", {**NUMBER_CELL, "likely": "0600000000"}),
        ("PersoonAfdeling", "123", CellNote.NUMBER, "value-leading-zero", {**NUMBER_CELL, "likely": None}),
        ("PersoonPersoneelsnummer", "123456789012", CellNote.SCIENTIFIC, "value-scientific", {}),
        ("PersoonPersoneelsnummer", "123456789012", CellNote.SCIENTIFIC | CellNote.NUMBER, "value-scientific", {}),
        ("PersoonAfdeling", "#N/A", CellNote.ERROR, "value-excel-error", {}),
        ("PersoonAfdeling", "#N/A", CellNote.ERROR | CellNote.FORMULA, "value-excel-error", {}),
        ("PersoonAfdeling", "x", CellNote.FORMULA, "value-formula", {}),
        ("PersoonAfdeling", "", CellNote.FORMULA | CellNote.NO_VALUE, "value-formula", {"no_value": True}),
        ("PersoonGeboortedatum", "29252", CellNote.NUMBER, "value-date", {"problem": "serial", "likely": "01-02-1980"}),
        ("PersoonEmailWerk", "123", CellNote.NUMBER, "value-email", {}),
    ],
)  # fmt: skip
def test_what_a_workbook_tells(column: str, text: str, note: int, code: str, facts: dict[str, object]) -> None:
    item = only(checked({**PERSON, column: text}, notes={column: {0: note}}))
    assert (item.code, item.value or "", dict(item.facts)) == (code, text, facts)


@pytest.mark.parametrize(
    ("column", "text", "note"),
    [
        ("PersoonActief", "TRUE", CellNote.BOOLEAN),
        ("PersoonActief", "ONWAAR", CellNote.BOOLEAN),
        ("PersoonPriveHuisnummer", "12", CellNote.NUMBER),
        ("PersoonGeboortedatum", "01-02-1980", CellNote.DATE),
        ("PersoonAfdeling", "1,5", CellNote.NUMBER),
    ],
)
def test_what_a_workbook_may_tell(column: str, text: str, note: int) -> None:
    assert checked({**PERSON, column: text}, notes={column: {0: note}}).findings == []


def test_a_formula_may_have_a_faulty_value() -> None:
    found = checked({**PERSON, "PersoonTaal": "xx"}, notes={"PersoonTaal": {0: CellNote.FORMULA}})
    assert [item.code for item in found.findings] == ["value-formula", "value-language"]


def test_a_surname_that_is_a_formula_without_a_value_is_not_missing() -> None:
    notes = {"PersoonAchternaam": {0: CellNote.FORMULA | CellNote.NO_VALUE}}
    item = only(checked({**PERSON, "PersoonAchternaam": ""}, notes=notes))
    assert (item.code, item.severity) == ("value-formula", "error")


def test_a_key_that_is_an_error_brings_no_other_findings() -> None:
    record = {**COMPANY, **PERSON, "PersoonExternId": "#N/A"}
    assert [item.code for item in checked(record, {**record, "PersoonAchternaam": "De Vries"}).findings] == [
        "value-excel-error",
        "value-excel-error",
    ]


def test_the_code_lists() -> None:
    assert (len(countries()), len(languages())) == (249, 183)
    assert all(code.isupper() and len(code) == 2 for code in countries())
    assert all(code.islower() and len(code) == 2 for code in languages())


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), min_size=1, max_size=4),
    st.sampled_from(sorted(set(range(108)))),
)
def test_any_text_in_any_column_gives_an_answer(texts: list[str], index: int) -> None:
    from instroom.core.layout.standard import standard

    label = standard().columns[index].label
    found = checked(*({**COMPANY, **PERSON, label: text} for text in texts))
    assert all(item.row in range(2, len(texts) + 2) for item in found.findings if item.code != "rows-none")


@given(st.from_regex(USUAL_EMAIL, fullmatch=True))
def test_a_usual_address_is_right(text: str) -> None:
    assert judge_email(text, "") == text


def test_a_domain_whose_part_is_too_long_is_not_usual() -> None:
    """A part has at most 63 characters (RFC 1035)."""
    long = f"a@{'a' * 20}-{'b' * 20}-{'c' * 22}.example"
    assert judge_email(long, "") == NOT_AN_EMAIL
    assert not USUAL_EMAIL.fullmatch(long)


@given(st.from_regex(USUAL_PHONE, fullmatch=True), st.sampled_from(("", "abroad")))
def test_a_usual_phone_number_is_right_for_who_lives_abroad_too(text: str, context: str) -> None:
    assert judge_phone(text, context) == text


@pytest.mark.parametrize("text", ["020-1234567 tst 12", "020 1234567 ext. 123", "020-1234567 x12", "06-12345678 #4"])
def test_a_phone_number_may_have_an_extension(text: str) -> None:
    assert checked({**PERSON, "PersoonTelefoonWerk": text}).findings == []


def test_a_postal_code_may_have_more_than_one_space() -> None:
    found = checked({**PERSON, "PersoonPrivePostcode": "1234  ab"})
    person = found.records[0].person
    assert person is not None
    assert only(found).code == "value-invisible"
    assert person.fields[PERSON_FIELDS.index("home_address.postal_code")] == "1234 AB"


@pytest.mark.parametrize(
    ("text", "note", "codes"),
    [
        ("0", CellNote.NUMBER, []),
        ("7", CellNote.NUMBER, ["value-leading-zero"]),
        ("7", CellNote.NUMBER | CellNote.FORMULA, ["value-formula"]),
    ],
)
def test_a_number_that_cannot_have_lost_a_zero(text: str, note: int, codes: list[str]) -> None:
    found = checked({**PERSON, "PersoonFunctie": text}, notes={"PersoonFunctie": {0: note}})
    assert [item.code for item in found.findings] == codes
