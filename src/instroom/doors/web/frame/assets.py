"""Style, script and pictures: served by ourselves, under a name that changes with them, so that browsers keep them."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from whitenoise import WhiteNoise

from instroom.doors.web.frame.security import CONTENT_SECURITY_POLICY

FOLDER: Final = Path(__file__).parent.parent / "static"


@cache
def version() -> str:
    """Changes when any of the files does."""
    digest = hashlib.sha256()
    for path in sorted(path for path in FOLDER.rglob("*") if path.is_file()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def address(name: str) -> str:
    """Where a browser finds a file of FOLDER."""
    return f"/static/{version()}/{name}"


def with_assets(application: Any) -> WhiteNoise:
    """The WSGI application with the files before it."""
    served = WhiteNoise(application, immutable_file_test=lambda path, url: True, add_headers_function=_headers)
    served.add_files(str(FOLDER), prefix=f"static/{version()}/")
    return served


def _headers(headers: Any, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    if settings.SECURE_HSTS_SECONDS:
        headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
