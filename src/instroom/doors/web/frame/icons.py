"""Line icons: each says again, to the eye, what the words beside it say.

They are drawn into the page. A page that points into the file with `<use>` shows none in Firefox, which asks for
such a drawing under `default-src`, and that is 'none' here.
"""

import re
from functools import cache
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from instroom.doors.web.frame.assets import FOLDER

_SYMBOL: Final = re.compile(r'<symbol id="([a-z-]+)" (viewBox="[\d ]+")>(.+)</symbol>')


@cache
def drawings() -> dict[str, SafeString]:
    """The icons of icons.svg by name, as elements of a page."""
    text = (FOLDER / "icons.svg").read_text(encoding="utf-8")
    return {
        name: mark_safe(f'<svg class="icon" {box} aria-hidden="true" focusable="false">{drawing}</svg>')  # noqa: S308
        for name, box, drawing in _SYMBOL.findall(text)
    }


def icon(name: str) -> SafeString:
    """An icon of icons.svg. Raises KeyError where there is none of that name."""
    return drawings()[name]
