"""Categories that differ in nothing but letter case, as VIP and Vip in one group (category-case)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from instroom.core.check.sheet import Sheet
from instroom.core.layout.loader import Column
from instroom.core.model import Pair

_Pairs = Sequence[tuple[Column, Column]]


def check_category_case(sheet: Sheet, pairs: _Pairs) -> None:
    """Report each rarer way of writing a group, or a category within its group, at the first record that has it."""
    if _all_unlike(sheet, pairs):
        return
    counts: Counter[Pair] = Counter()
    for columns in pairs:
        counts.update(_named(sheet, columns))
    for pair in [pair for pair in counts if not all(pair)]:
        del counts[pair]
    usual = _usual(counts)
    odd = {pair for pair in counts if any(usual[key] != name for key, name in _names_of(pair))}
    for columns in pairs if odd else ():
        for record, pair in enumerate(_named(sheet, columns)):
            if pair in odd:
                odd.remove(pair)
                _report(sheet, record, columns, pair, usual)


def _all_unlike(sheet: Sheet, pairs: _Pairs) -> bool:
    """Whether no two groups and no two categories differ in letter case alone: a quick look, before each pair's."""
    for columns in zip(*pairs, strict=True):
        names = set[str]().union(*(sheet.texts[column.index] for column in columns))
        if len(set(map(str.casefold, names))) < len(names):
            return False
    return True


def _named(sheet: Sheet, columns: tuple[Column, Column]) -> Iterator[Pair]:
    group, category = columns
    return zip(sheet.texts[group.index], sheet.texts[category.index], strict=True)


def _names_of(pair: Pair) -> tuple[tuple[Pair, str], tuple[Pair, str]]:
    """The name of the group and that of the category, each with the form in which all its spellings meet."""
    group, category = pair
    folded = group.casefold()
    return ((folded, ""), group), ((folded, category.casefold()), category)


def _usual(counts: Counter[Pair]) -> dict[Pair, str]:
    """The most frequent spelling of each name; of several the one that comes first."""
    spellings: Counter[tuple[Pair, str]] = Counter()
    for pair, count in counts.items():
        for spelling in _names_of(pair):
            spellings[spelling] += count
    usual: dict[Pair, str] = {}
    for (key, name), _ in spellings.most_common():
        usual.setdefault(key, name)
    return usual


def _report(sheet: Sheet, record: int, columns: Iterable[Column], pair: Pair, usual: dict[Pair, str]) -> None:
    for column, (key, name), kind in zip(columns, _names_of(pair), ("group", "category"), strict=True):
        if usual[key] != name:
            sheet.report("category-case", record, column.label, name, (), {"other": usual[key], "kind": kind})
