"""Makes a PNG of somebody else safe to show: only what draws it stays (PNG, third edition, W3C 2025).

Texts, dates, places, colour profiles and what follows the end are left out. A small file that unfolds to a huge picture
is refused.
"""

import zlib
from collections.abc import Iterator
from typing import Final

MOST_BYTES: Final = 100 * 1024
MOST_PIXELS: Final = 1_000
"""Wide, and high."""
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_DRAWS: Final = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_HEADER: Final = 13  # bytes
_MOST_UNFOLDED: Final = MOST_PIXELS * (MOST_PIXELS * 8 + 16)  # 16 bits of 4 channels, with the filters of the rows


def cleaned_png(content: bytes) -> bytes:
    """The picture with only what draws it. Raises ValueError for what is no PNG, or is larger than we take."""
    if len(content) > MOST_BYTES:
        raise ValueError("too many bytes")
    kept = [(kind, data) for kind, data in _chunks(content) if kind in _DRAWS]
    kinds = [kind for kind, _ in kept]
    if kinds[0] != b"IHDR" or kinds[-1] != b"IEND" or kinds.count(b"IHDR") != 1 or b"IDAT" not in kinds:
        raise ValueError("not a picture")
    header = kept[0][1]
    sides = (int.from_bytes(header[:4]), int.from_bytes(header[4:8]))
    if len(header) != _HEADER or not all(0 < side <= MOST_PIXELS for side in sides):
        raise ValueError("too many pixels")
    unfold = zlib.decompressobj()
    try:
        unfold.decompress(b"".join(data for kind, data in kept if kind == b"IDAT"), _MOST_UNFOLDED)
    except zlib.error as error:
        raise ValueError("not a picture") from error
    if not unfold.eof:
        raise ValueError("not a whole picture")
    return _SIGNATURE + b"".join(
        len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4) for kind, data in kept
    )


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each part with its kind, up to and with the end. Raises ValueError where one is broken."""
    if not content.startswith(_SIGNATURE):
        raise ValueError("not a PNG")
    place, kind = len(_SIGNATURE), b""
    while kind != b"IEND":
        length, kind = int.from_bytes(content[place : place + 4]), content[place + 4 : place + 8]
        end = place + 8 + length
        data, check = content[place + 8 : end], content[end : end + 4]
        if len(data) != length or check != zlib.crc32(kind + data).to_bytes(4):
            raise ValueError("a broken part")
        yield kind, data
        place = end + 4
