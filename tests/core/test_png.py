"""A logo of somebody else: only what draws it stays."""

import zlib

import pytest

from instroom.core.png import MOST_BYTES, cleaned_png

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def picture(width: int = 2, height: int = 2, *, extra: bytes = b"", content: bytes | None = None) -> bytes:
    """A grey picture, with more chunks before what draws it."""
    header = width.to_bytes(4) + height.to_bytes(4) + bytes((8, 0, 0, 0, 0))
    rows = zlib.compress(bytes((width + 1) * height)) if content is None else content
    return SIGNATURE + chunk(b"IHDR", header) + extra + chunk(b"IDAT", rows) + chunk(b"IEND")


def test_what_draws_stays_and_all_else_goes() -> None:
    more = chunk(b"tEXt", b"Author\0iemand") + chunk(b"eXIf", b"52.09, 5.12") + chunk(b"acTL", bytes(8))
    assert cleaned_png(picture(extra=more) + b"<script>alert(1)</script>") == picture()
    assert cleaned_png(picture()) == picture()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        SIGNATURE,
        picture()[:-6],
        picture().replace(b"IDAT", b"IDAX"),
        SIGNATURE + chunk(b"IEND"),
        picture(width=0),
        picture(width=1001),
        picture(content=b"not compressed"),
        picture(content=zlib.compress(bytes(4))[:-3]),
        picture(content=zlib.compress(bytes(20_000_000), 9)),  # 20 kB that unfold to 20 MB
        picture(extra=chunk(b"tEXt", bytes(MOST_BYTES))),
    ],
)
def test_what_is_no_small_png_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):
        cleaned_png(content)
