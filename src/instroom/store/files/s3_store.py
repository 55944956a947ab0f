"""Files kept in a bucket of S3, or of what speaks its protocol.

An object is whole or absent, so a file is written on this machine first, sealed as it will be, and then put in one
request: nothing half is left behind. Of a file that is read, only the part that is needed is fetched.
"""

import errno
import io
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, BinaryIO, Final, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from instroom.config.file_store import S3Place
from instroom.store.files import scratch
from instroom.store.files.file_store import FileMissing, StoreAway, StoredFile

_log = logging.getLogger(__name__)
_FIRST: Final = 64 * 1024
_NEXT: Final = 8 * 1024 * 1024
"""Bytes to fetch at once: most files are smaller than the first, and of many nothing but the header is read."""
_CONFIG: Final = Config(
    signature_version="s3v4",
    connect_timeout=5,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 2},  # a page may be waiting
    tcp_keepalive=True,
    max_pool_connections=20,
    # Other servers than Amazon's do not all know its newer checksums; what is kept is authenticated by its own format.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


class S3Store:
    def __init__(self, place: S3Place, credentials: tuple[str, str] | None) -> None:
        """`credentials` are the id of an access key and its secret; None: boto3 finds them where it always looks.
        Raises StoreAway."""
        self._bucket, self._prefix = place.bucket, place.prefix
        self.place = f"s3://{place.bucket}/{place.prefix}".rstrip("/")
        with self._telling(""):  # such as a profile that is not in boto3's own settings
            self._client = _client(place, credentials, os.getpid())

    @contextmanager
    def writing(self, key: str, replaces: StoredFile | None = None) -> Iterator[BinaryIO]:
        with tempfile.TemporaryFile(dir=scratch.process_folder(), buffering=0) as stream:
            yield cast(BinaryIO, stream)
            if replaces and not self._is_same(replaces):
                raise self._missing(key)
            stream.seek(0)
            with self._telling(key):
                put = self._client.put_object(**self._object(key), Body=stream)
            if put.get("VersionId", "null") != "null":
                _warn_of_versions(self.place)

    def open(self, key: str) -> BinaryIO:
        return cast(BinaryIO, _ReadObject(self, key))

    def find(self, key: str) -> StoredFile | None:
        """One that exists is the first of those whose keys begin with its own. HEAD would not tell a key that is
        missing from a bucket that is."""
        with self._telling(key):
            found = self._client.list_objects_v2(Bucket=self._bucket, Prefix=self._prefix + key, MaxKeys=1)
        return next((one for one in self._stored(found) if one.key == key), None)

    def list(self, prefix: str) -> Iterator[StoredFile]:
        pages = self._client.get_paginator("list_objects_v2")
        with self._telling(prefix):
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix + prefix):
                yield from self._stored(page)

    def move(self, file: StoredFile, key: str) -> bool:
        if not self._is_same(file):
            if self.find(file.key):
                return False
            raise self._missing(file.key)
        with self._telling(file.key):
            source = self._object(file.key)
            self._client.copy_object(**self._object(key), CopySource=source, CopySourceIfMatch=file.version)
            self._client.delete_object(**source)
        return True

    def delete(self, key: str) -> None:
        with self._telling(key):
            self._client.delete_object(**self._object(key))

    def delete_drafts(self, prefix: str, age: float = 0) -> int:
        return 0

    def key_named(self, name: str) -> str | None:
        return name.removeprefix(f"{self.place}/") if name.startswith(f"{self.place}/") else None

    def fetch(self, key: str, start: int, count: int, version: str | None) -> tuple[bytes, int, str]:
        """Some bytes of a file, its size and its version. Raises StoreAway where it is no longer the `version` that is
        asked for: whoever reads it begins again."""
        same = {"IfMatch": version} if version else {}
        with self._telling(key):
            try:
                found = self._client.get_object(**self._object(key), Range=f"bytes={start}-{start + count - 1}", **same)
            except ClientError as error:
                if _code_of(error) == "InvalidRange":  # an empty object has not even a first byte
                    return b"", 0, ""
                raise
            with found["Body"] as body:
                return body.read(), int(found["ContentRange"].rpartition("/")[2]), found["ETag"]

    def _object(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + key}

    def _stored(self, page: dict[str, Any]) -> Iterator[StoredFile]:
        for one in page.get("Contents", ()):
            at = one["LastModified"].timestamp()
            yield StoredFile(one["Key"].removeprefix(self._prefix), one["Size"], at, at, one["ETag"])

    def _is_same(self, file: StoredFile) -> bool:
        found = self.find(file.key)
        return found is not None and found.version == file.version

    @contextmanager
    def _telling(self, key: str) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            if _code_of(error) == "NoSuchKey":
                raise self._missing(key) from error
            raise StoreAway(errno.EIO, _code_of(error), self.place) from error
        except BotoCoreError as error:
            raise StoreAway(errno.EHOSTUNREACH, type(error).__name__, self.place) from error

    def _missing(self, key: str) -> FileMissing:
        return FileMissing(errno.ENOENT, os.strerror(errno.ENOENT), f"{self.place}/{key}")


class _ReadObject(io.RawIOBase):
    def __init__(self, store: S3Store, key: str) -> None:
        """Raises FileMissing and StoreAway."""
        self._store, self._key, self.name = store, key, f"{store.place}/{key}"
        self._at = self._start = 0
        self._part, self._size, self._version = store.fetch(key, 0, _FIRST, None)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max({os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence] + offset, 0)
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size:
            return 0
        if not self._start <= self._at < self._start + len(self._part):
            self._start = self._at
            self._part = self._store.fetch(self._key, self._at, _NEXT, self._version)[0]
        within = self._at - self._start
        piece = self._part[within : within + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


@cache
def _warn_of_versions(place: str) -> None:
    _log.warning("%s keeps versions: what is deleted is not gone until a rule of the bucket deletes those", place)


def _code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@cache
def _client(place: S3Place, credentials: tuple[str, str] | None, process_id: int) -> Any:
    """One a process: it is safe in threads, and not over a fork."""
    key, secret = credentials or (None, None)
    style = "path" if place.endpoint else "auto"  # a server of one's own seldom has a name for each bucket
    return boto3.session.Session().client(
        "s3",
        endpoint_url=place.endpoint,
        region_name=place.region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=_CONFIG.merge(Config(s3={"addressing_style": style})),
    )
