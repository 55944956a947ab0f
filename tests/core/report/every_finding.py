"""Each finding of the catalogue with facts as the check gives them, once for each variant of its sentence."""

from typing import Any

from instroom.core.findings import CATALOGUE, finding
from instroom.core.model import Finding

XML_FAULT = {
    "line": 3,
    "character": 7,
    "regel": 2,
    "entity": "&uuml;",
    "instead": "&#252;",
    "codepoint": "U+0001",
    "element": "Bedrijf",
    "expected": "Naam",
    "found": "&#1;",
}
FACTS: dict[str, list[dict[str, Any]]] = {
    "file-too-large": [{"bytes": 70_000_000, "limit": 67_108_864}],
    "file-format-unknown": [
        {"looks_like": word} for word in ("pdf", "html", "ods", "xls-html", "zip", "text", "binary", "numbers", "7z")
    ],
    "file-zip": [{"problem": "several", "count": 3}, {"problem": "none", "count": 0}, {"problem": "nested"}],
    "file-unpacked": [{"name": "personen.csv"}],
    "file-encrypted": [{}, {"kind": "zip"}],
    "file-format-mismatch": [{"name_says": "csv", "content": "xlsx"}],
    "file-damaged": [
        {"problem": word, "line": 3, "row": 4, "count": 4096}
        for word in (
            "cut-off",
            "not-well-formed",
            "encoding",
            "line-too-long",
            "zero-bytes",
            "line-ends",
            "stray-text",
            "zip",
        )
    ]
    + [
        {"problem": word, "sheet": "Blad1", "row": 4, "cell": "C4", "part": "xl/styles.xml"}
        for word in (
            *("xml", "unpack", "cell-twice", "row-twice", "cell-place", "row-place", "string", "part-missing"),
            *("part-twice", "no-workbook", "compression"),
        )
    ]
    + [
        {"problem": "not-well-formed", "detail": word, **XML_FAULT}
        for word in (
            *("ampersand", "less-than", "entity", "control", "character-number", "mismatch", "attribute-twice"),
            *("attribute-quotes", "prefix", "joined", "after-end", "before-root", "declaration-place"),
            "declaration",
        )
    ]
    + [
        {"problem": "encoding", "declared": "utf-16", "found": "UTF-8", "detail": "differs", "line": 1},
        {"problem": "encoding", "declared": "x-eigen", "detail": "unknown", "line": 1},
        {"problem": "encoding", "declared": None, "looks_like": "windows-1252", "line": 3, "character": 7},
        {"problem": "encoding", "declared": "UTF-8", "looks_like": "dos-850", "line": 3, "character": 7, "regel": 2},
    ],
    "file-unsafe": [{"problem": word} for word in ("bomb", "rows", "entities", "macros", "depth", "links")],
    "csv-encoding": [{"looks_like": "windows-1252", "first_row": 12}, {"looks_like": "utf-16"}],
    "csv-delimiter": [{"found": word} for word in ("comma", "tab", "pipe", "caret", "tilde")],
    "csv-quote": [
        {"start_row": 4, "problem": word}
        for word in ("unclosed", "text-after", "backslash", "whole-lines", "single", "space-before")
    ],
    "xml-structure": [
        {
            "regel": 3,
            "element": "Nam",
            "problem": word,
            "found": "eigen/1",
            "expected": "standard/1",
            "attribute": "id",
            "namespace": "urn:a",
        }
        for word in (
            "unknown",
            "misplaced",
            "twice",
            "root",
            "namespace",
            "text",
            "layout",
            "no-layout",
            "attribute",
            "other",
        )
    ],
    "xlsx-sheets": [{"read": "Blad1", "others": ["Blad2", "Blad3"]}],
    "xlsx-second-sheet": [
        {"read": "Blad1", "others": ["Vestiging Zuid"], **more}
        for more in ({}, {"problem": "no-headers"}, {"problem": "perhaps"})
    ],
    "xlsx-hidden-sheet": [{"sheets": ["Oud"], "read": read} for read in (True, False)],
    "xlsx-merged": [{"ranges": ["A2:A4", "B2:B4"], "range_count": 2}],
    "row-merged": [{"ranges": ["G2:G4"], "headers": ["PersoonAfdeling"]}],
    "xlsx-hidden": [{"rows": [3], "columns": ["C", "D"], "row_count": 1, "column_count": 2}],
    "header-missing": [
        {"found_row": 3},
        {"problem": "data"},
        {"problem": "other", "found": ["Nummer", "Naam"]},
        {"problem": "other", "found": ["Nummer", "Naam"], "more": 7},
        {},
    ],
    "header-repeated": [{"problem": word} for word in ("headers", "labels", "joined")],
    "row-footer": [{}, {"problem": "count", "said": 40, "records": 38}],
    "column-renamed": [
        {"position": 3, "letter": "C", "found": found, "expected": "BedrijfNaam"} for found in ("Naam", " ")
    ],
    "column-missing": [{"expected": "BedrijfNaam", "position": 3, "letter": "C"}],
    "column-added": [
        {"found": found, "position": 109, "letter": "DE", "inside": inside}
        for found, inside in (("Notitie", False), ("", False), ("", True))
    ],
    "column-moved": [
        {
            "header": "BedrijfNaam",
            "found_position": 4,
            "expected_position": 3,
            "found_letter": "D",
            "expected_letter": "C",
        }
    ],
    "column-bsn": [
        {"by": "header", "position": 3, "letter": "C", "first_row": 2, "count": 40, "rows": [2, 3, 4, 5, 6]},
        {"by": "header", "position": 3, "letter": "C", "first_row": 2, "definition": "BSN"},
        {"by": "values", "position": 3, "letter": "C", "first_row": 2, "count": 40, "rows": [2, 3, 4, 5, 6]},
        {"by": "word", "position": 3, "letter": "C", "first_row": 2},
        {"by": "header", "position": 109},
    ],
    "rows-too-many": [
        {"records": 23_456, "limit": 10_000, "files": 3, "at_least": False},
        {"records": 1_000_000, "limit": 10_000, "files": 100, "at_least": True},
    ],
    "row-cell-count": [
        {"found": 107, "expected": 108},
        {"found": 109, "expected": 108, "cell": "DE7", "text": "notitie"},
        {"found": 109, "expected": 108, "problem": "shifted", "cell": "C7"},
        {"found": 12, "expected": 108, "problem": "cut-off"},
        {"found": 77, "expected": 108, "problem": "line-break", "cell": "BY3", "first_row": 3, "last_row": 4},
        {"found": 112, "expected": 108, "problem": "beside", "cell": "DH4", "cells": 1, "text": "nog bellen"},
    ],
    "row-short": [{"count": 1, "last_row": 7}, {"count": 24, "last_row": 41}],
    "row-blank": [{"count": 1, "last_row": 7}, {"count": 1200, "last_row": 1206}],
    "key-missing": [{"block": "company"}, {"block": "person"}],
    "key-incomplete": [
        {"block": "person", "missing": "PersoonExternId", "present": "PersoonExternSource", **more}
        for more in ({}, {"half": "extern_id"}, {"half": "extern_source"})
    ],
    "source-not-allowed": [{"block": "person", "problem": word} for word in ("source", "link")],
    "key-case": [{"block": "person", "other": "13DERQ"}],
    "source-case": [{"block": "person", "other": "PIMS"}],
    "source-counts": [{"first": "HR1", "last": "HR6", "count": 6}],
    "example-record": [{"block": "person", "name": "Proefveld"}, {"block": "company", "name": ""}],
    "required-missing": [{"block": "company"}, {"block": "person"}],
    "company-conflict": [
        {
            "columns": ["BedrijfNaam", "BedrijfEmail"],
            "extern_id": "B1",
            "block": "company",
            "differences": [
                {"column": "BedrijfNaam", "value": "Een BV", "other": "een BV", "row": 2},
                {"column": "BedrijfEmail", "value": "", "other": "post@een.example", "row": 3},
            ],
        },
        {
            "columns": ["BedrijfPostPostcode"],
            "extern_id": "B1",
            "block": "company",
            "odd": True,
            "usual": 14,
            "differences": [
                {"column": "BedrijfPostPostcode", "value": "3511", "other": "3511 AB", "row": 2, "odd": True}
            ],
        },
        {"columns": ["BedrijfNaam"], "extern_id": "B1", "block": "company", "more_rows": 4},
        {"columns": ["BedrijfNaam"], "extern_id": "B1", "block": "company", "more_rows": "some"},
    ],
    "person-repeated": [{"extern_id": "P1"}],
    "person-conflict": [{"columns": ["PersoonEmailWerk"], "extern_id": "P1", "block": "person"}],
    "person-two-companies": [{"extern_id": "P1", "companies": ["B1", ""]}],
    "value-too-long": [{"length": 1200, "max_length": 100}],
    "value-date-shifted": [{"time": "23:00", "likely": "07-03-1988"}],
    "value-date": [
        {},
        *(
            {"problem": word, "likely": "31-12-1980"}
            for word in (
                "serial",
                "time",
                "time-zone",
                "form",
                "closed-up",
                "since-1970",
                "placeholder",
                "short-year",
                "incomplete",
                "order",
                "swapped",
                "month-name",
            )
        ),
        *({"problem": word} for word in ("month-name", "no-such-day")),
        {"problem": "no-such-day", "month": "2", "year": "1992", "days": 29},
    ],
    "value-date-implausible": [{"problem": word} for word in ("future", "too-old")],
    "value-excel-error": [{}, {"no_number": True}],
    "value-not-in-list": [{"choices": ["M", "V", "X", "O"]}, {"choices": []}],
    "value-postal-code": [{"country": word} for word in ("NL", "BE", "DE", "FR")],
    "value-registration-number": [{"kind": word} for word in ("KVK", "KBO", "HRB")],
    "value-leading-zero": [
        {"problem": word, "likely": likely} for word in ("number-cell", "short", "stored") for likely in ("0123", None)
    ],
    "value-email": [{}, {"likely": "jan@voorbeeld.example"}, {"problem": "several"}],
    "value-phone": [{}, {"problem": "plus", "likely": "+31612345678"}],
    "value-converted": [
        {"problem": word, **more}
        for word in ("date", "time", "boolean", "number", "rounded", "stored")
        for more in (
            {},
            {"likely": "3-5"},
            {"likely": "3-5", "count": 30, "rows": [2, 3], "examples": ["a → b", "c → d"]},
        )
    ],
    "value-text-mark": [{"problem": word, "likely": "00123"} for word in ("formula-text", "apostrophe", "calculation")],
    "value-country": [{}, {"likely": "DE"}, {"problem": "no-code"}],
    "value-understood": [{"likely": "NL"}, {"likely": "M", "count": 2, "rows": [2, 3], "examples": ["a → M", "b → V"]}],
    "value-private-number": [{"problem": "bsn"}, {"problem": "iban", "count": 3, "rows": [2, 3, 4]}],
    "free-field-blank": [{}, {"count": 3, "rows": [2, 3, 4]}],
    "category-case": [{"kind": word, "other": "VIP"} for word in ("group", "category")],
    "value-vat-number": [{}, {"likely": "NL000000012B01"}, {"problem": "word"}],
    "value-garbled": [
        {"problem": word, **more}
        for word in "encoding lost question-mark html url escaped box symbol quotes stored other".split()
        for more in ({}, {"likely": "José"})
    ],
    "value-nothing": [{"problem": word} for word in ("kept", "key", "required", "name", "typed", "blank")],
    "value-formula": [{}, {"no_value": True}, {"problem": "zero"}],
    "value-invisible": [
        {"invisible": ["U+200B", "U+2063"], "spaces": []},
        {"invisible": [], "spaces": ["U+0020", "U+00A0"], "count": 1234},
    ],
    "value-control-character": [
        {"codepoint": word, "position": 3} for word in ("U+0000", "U+0009", "U+000A", "U+000B")
    ],
    "pair-incomplete": [
        {"first": "PersoonCategorieGroep1", "second": "PersoonCategorie1", "missing": "PersoonCategorie1", "kind": word}
        for word in ("category", "free_field", "other")
    ],
    "pair-repeated": [{"definition": "VrijveldMaat"}],
    "category-name": [{"problem": word, "length": 30, "max_length": 25} for word in ("too-long", "characters")],
    "free-field-definition": [{"problem": word} for word in ("start", "characters", "too-long")],
    "company-unknown": [{"extern_id": "B9", "extern_source": "HR"}],
    "person-unlinked": [{"company": "B1"}],
    "person-identity-changed": [{"by": word} for word in ("names", "surname-date")],
    "possible-duplicate": [
        {"block": block, "extern_id": "X1", "extern_source": "HR", "by": word}
        for block, word in (
            ("person", "name-date"),
            ("person", "file-name-date"),
            ("person", "file-email"),
            ("company", "file-name-postal"),
            ("person", "email"),
            ("company", "name-postal"),
            ("company", "registration"),
        )
    ],
}

ALL: list[Finding] = [
    finding(code, 7, "PersoonAchternaam", "waarde", (3, 5), facts)
    for code in CATALOGUE
    for facts in FACTS.get(code, [{}])
]
BARE: list[Finding] = [finding(code) for code in CATALOGUE]
"""Nothing known but the code: the sentence must still be one."""
