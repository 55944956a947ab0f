"""Step 2: three formats become one table of text with places (product.md A2-A6)."""

from pathlib import Path

from instroom.core.layout.loader import Layout
from instroom.core.model import FileFacts, Limits, Table


def read(path: Path, facts: FileFacts, layout: Layout, limits: Limits | None = None) -> Table:
    """The file as text, exactly as the supplier sees it; its faults are `Table.findings`, never exceptions.

    `facts` is what `examine` said: a file with an error there is not to be read. Raises OSError where the file cannot
    be opened or read, ValueError for a format that is none of the three.
    """
    limits = limits or Limits()
    # Each reader loads a parser of its own: only the one that is needed.
    match facts.format:
        case "csv":
            from instroom.core.read.from_csv import read_csv  # noqa: PLC0415

            return read_csv(path, layout, limits)
        case "xlsx":
            from instroom.core.read.from_xlsx import read_xlsx  # noqa: PLC0415

            return read_xlsx(path, layout, limits)
        case "xml":
            from instroom.core.read.from_xml import read_xml  # noqa: PLC0415

            return read_xml(path, layout, limits)
    raise ValueError(f"no reader for {facts.format}")
