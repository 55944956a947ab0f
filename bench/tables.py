"""Tables in Markdown, and their places in a page of the docs: between `<!-- table NAME -->` and `<!-- end -->`."""

from collections.abc import Mapping, Sequence


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))


def with_tables(page: str, tables: Mapping[str, str]) -> str:
    """The page, with each of these tables in its place."""
    for name, table in tables.items():
        begin, end = f"<!-- table {name} -->\n", "<!-- end -->"
        before, found, after = page.partition(begin)
        assert found, name
        page = f"{before}{begin}\n{table}\n\n{end}{after.partition(end)[2]}"
    return page
