"""Where a site keeps delivered files and their reports (INSTROOM_FILES)."""

import importlib.util
import re
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from instroom.config.listening import is_host
from instroom.core.errors import SettingsError

_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_REGION: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_PREFIX: Final = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")  # servers differ over `..`


class S3Place(NamedTuple):
    """A bucket of S3, or of what speaks its protocol."""

    bucket: str
    prefix: str
    """Of all keys: "", or such as `instroom/`."""
    endpoint: str | None
    """None: that of Amazon."""
    region: str | None


def files_place(text: str) -> Path | S3Place | None:
    """A folder, or `s3://bucket/prefix?endpoint=https://host&region=name`; None where nothing is set.

    Raises SettingsError for anything else, and where what S3 needs is not installed.
    """
    if "://" not in text:
        return Path(text).absolute() if text else None
    try:
        place = _s3(text)
    except ValueError as error:  # such as brackets that do not match
        raise SettingsError("setting-files") from error
    if place is None:
        raise SettingsError("setting-files")
    if importlib.util.find_spec("boto3") is None:
        raise SettingsError("s3-not-installed")
    return place


def _s3(url: str) -> S3Place | None:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    endpoint, region = options.pop("endpoint", None), options.pop("region", None)
    path = parts.path.rstrip("/")
    is_sound = parts.scheme == "s3" and _BUCKET.fullmatch(parts.netloc) and _PREFIX.fullmatch(path)
    if not is_sound or options or parts.fragment or (region and not _REGION.fullmatch(region)):
        return None
    if endpoint and not _is_server(endpoint):
        return None
    return S3Place(parts.netloc, f"{path[1:]}/" if path else "", endpoint or None, region or None)


def _is_server(url: str) -> bool:
    """Raises ValueError for a port that cannot be."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    has_more = parts.username is not None or parts.query or parts.fragment
    is_sound = parts.scheme in ("http", "https") and is_host(host) and "_" not in host  # which boto3 does not take
    return is_sound and parts.port != 0 and not has_more


def s3_credentials(key: str, secret: str) -> tuple[str, str] | None:
    """INSTROOM_S3_KEY and INSTROOM_S3_SECRET; None: boto3 finds them where it always looks. Raises SettingsError."""
    if bool(key) != bool(secret):
        raise SettingsError("setting-s3-key")
    return (key, secret) if key else None
