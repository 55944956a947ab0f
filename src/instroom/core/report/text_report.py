"""The report for a terminal: the verdict, the counts, and each kind of finding with its first rows and its remedy."""

import textwrap
from collections.abc import Iterator
from typing import Final

from instroom.core.language import Language
from instroom.core.layout.loader import Layout
from instroom.core.model import Checked, Finding
from instroom.core.report.counts import Group, companies_by_key_alone, grouped, tally
from instroom.core.report.sentences import message, remedy, title
from instroom.core.report.visible import visible
from instroom.core.report.words import counted, severity_word, verdict_words, words
from instroom.core.wording.phrases import number

_INDENT: Final = "  "
_VALUE_LENGTH: Final = 40
_NAME_LENGTH: Final = 120
_COLOURS: Final = {"error": "31;1", "warning": "33;1", "notice": "36;1", "clean": "32;1"}
_VERDICT: Final = {"errors": "error", "warnings": "warning", "clean": "clean"}


def report_text(checked: Checked, layout: Layout, lang: Language = "nl", colour: bool = False, width: int = 80) -> str:
    """Lines of at most `width` characters, ending in a line break. With `colour` the severities stand out (ECMA-48)."""
    name, verdict, *others = [_wrapped(line, width) for line in head_lines(checked, lang)]
    verdict = [_painted(line, _VERDICT[checked.verdict], colour) for line in verdict]
    blocks = [[*name, *verdict, *(line for lines in others for line in lines)]]
    blocks += [_group(group, layout, lang, colour, width) for group in grouped(checked)]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def head_lines(checked: Checked, lang: Language) -> list[str]:
    """The name of the file, the verdict with the number of findings, and the counts; a sentence or two each."""
    texts = words(lang)["text"]
    counts = texts["counts"].format(
        records=counted(checked.record_count, "record", lang),
        companies=counted(checked.company_count, "company", lang),
        persons=counted(checked.person_count, "person", lang),
    )
    lines = [visible(checked.file.name, _NAME_LENGTH), _verdict(checked, lang), counts]
    if companies := companies_by_key_alone(checked):
        lines.append(texts["alone"].format(companies=counted(companies, "company", lang)))
    return lines


def _verdict(checked: Checked, lang: Language) -> str:
    found, verdict, texts = tally(checked), verdict_words(checked, lang), words(lang)["text"]
    if not checked.findings:
        return str(texts["nothing"].format(verdict=verdict))
    return str(
        texts["findings"].format(
            verdict=verdict,
            errors=counted(found.errors, "error", lang),
            warnings=counted(found.warnings, "warning", lang),
            notices=counted(found.notices, "notice", lang),
        )
    )


def _group(group: Group, layout: Layout, lang: Language, colour: bool, width: int) -> list[str]:
    severity, shown = severity_word(group.severity, lang).upper(), group.shown
    times = f", {counted(group.amount, 'times', lang)}" if group.amount > 1 else ""
    lines = _wrapped(f"{severity} {title(group.code, lang)} ({group.code}){times}", width)
    lines[0] = _painted(severity, group.severity, colour) + lines[0].removeprefix(severity)
    lines += _occurrences(shown, layout, lang, width)
    if group.amount > len(shown):
        lines.append(_INDENT + words(lang)["text"]["more"].format(count=number(group.amount - len(shown), lang)))
    for advice in dict.fromkeys(remedy(finding, layout, lang) for finding in shown):
        lines += _wrapped(advice, width, f"{_INDENT}→ ", f"{_INDENT}  ")
    return lines


def _occurrences(findings: list[Finding], layout: Layout, lang: Language, width: int) -> Iterator[str]:
    """What is wrong: said once where it is the same for several but for the value, else at each place."""
    general = {message(finding._replace(value=None), layout, lang) for finding in findings}
    if len(findings) > 1 and len(general) == 1 and all(finding.value for finding in findings):
        yield from _wrapped(general.pop(), width, _INDENT, _INDENT)
        for finding in findings:
            value = visible(finding.value or "", _VALUE_LENGTH)
            yield from _wrapped(f"{_place(finding, lang)}: ‘{value}’", width, _INDENT * 2, _INDENT * 3)
        return
    for finding in findings:
        place = _place(finding, lang)
        said = message(finding, layout, lang)
        text, then = (f"{place}: {said}", _INDENT * 2) if place else (said, _INDENT)
        yield from _wrapped(text, width, _INDENT, then)


def _place(finding: Finding, lang: Language) -> str:
    names = words(lang)["place"]
    column = visible(finding.column) if finding.column else ""
    if finding.row is None:
        return str(names["column"].format(column=column)) if column else ""
    return str(names["cell" if column else "row"].format(row=finding.row, column=column))


def _wrapped(text: str, width: int, first: str = "", then: str = "") -> list[str]:
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=then, break_on_hyphens=False)


def _painted(text: str, name: str, colour: bool) -> str:
    return f"\x1b[{_COLOURS[name]}m{text}\x1b[0m" if colour else text
