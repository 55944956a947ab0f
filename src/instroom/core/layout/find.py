"""Finds a layout by its name: the standard one, or one that an operator has added (product.md A8)."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from instroom.core.errors import LayoutError
from instroom.core.layout.loader import Layout, load, standard


def find_layout(name: str, folders: Sequence[Path] = ()) -> Layout:
    """The layout that `name` means: `standard`, `standard/1`, or the path of a layout file (.toml).

    A name without a version is the newest one. Own layouts are the .toml files in `folders`; none can take the name of
    the standard layout. Raises LayoutError: where there is none of that name it says which there are, and which files
    cannot be used.
    """
    if name.endswith(".toml"):
        return load(Path(name))
    found, broken = _own_layouts(folders)
    known = [standard(), *(layout for layout in found if layout.name != standard().name)]
    matching = [layout for layout in known if name in (layout.name, layout.id)]
    if not matching:
        raise _no_layout(name, known, broken)
    newest = max(matching, key=lambda layout: layout.version)
    if sum(layout.id == newest.id for layout in matching) > 1:
        raise LayoutError(f"two files hold the layout {newest.id}", f"twee bestanden bevatten de indeling {newest.id}")
    return newest


def _no_layout(name: str, known: list[Layout], broken: list[LayoutError]) -> LayoutError:
    ids = ", ".join(sorted({layout.id for layout in known}))
    en = [f"no layout {name}", f"there are: {ids}", *(error.sentence("en") for error in broken)]
    nl = [f"er is geen indeling {name}", f"er zijn: {ids}", *(error.sentence("nl") for error in broken)]
    return LayoutError("; ".join(en), "; ".join(nl))


def _own_layouts(folders: Sequence[Path]) -> tuple[list[Layout], list[LayoutError]]:
    found, broken = [], []
    for path in _files(folders):
        try:
            found.append(load(path))
        except LayoutError as error:
            broken.append(error)
    return found, broken


def _files(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(folder.glob("*.toml"))
