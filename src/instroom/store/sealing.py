"""Encrypts short secrets with the site's own key, so that a copy of the database does not reveal them."""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from instroom.config.secret import secret_keys
from instroom.core.errors import SettingsError


class SealBroken(ValueError):
    """What was sealed cannot be decrypted: it was changed or is too old, or its key is gone."""


def seal(secret: str, purpose: str) -> str:
    """The secret, encrypted and signed (Fernet). Only `unseal` with the same purpose can decrypt it."""
    return Fernet(_as_fernet(site_keys(purpose)[0])).encrypt(secret.encode()).decode("ascii")


def unseal(sealed: str, purpose: str, within: int | None = None) -> str:
    """Decrypt what `seal` returned, no longer than `within` seconds ago where that is given. Raises SealBroken."""
    keys = [Fernet(_as_fernet(key)) for key in site_keys(purpose)]
    try:
        return MultiFernet(keys).decrypt(sealed.encode(), within).decode()
    except InvalidToken as error:
        raise SealBroken(purpose) from error


def site_keys(purpose: str) -> list[bytes]:
    """32 bytes for one purpose of each of the site's secret keys (RFC 5869): the first one writes, all are read. They
    are looked up anew each time, since `instroom keys rotate` changes them.

    Raises SettingsError if there is none.
    """
    keys = secret_keys(settings.INSTROOM_HOME)
    if not keys:
        raise no_key_opens()
    return [_derived(key, purpose) for key in keys]


def no_key_opens() -> SettingsError:
    """Says that the site's secret key is lost, or is not the one with which its data was encrypted."""
    return SettingsError("secret-key-lost", name=settings.INSTROOM_HOME / "secret-key")


@cache
def _derived(secret_key: str, purpose: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"instroom.{purpose}".encode())
    return derived.derive(secret_key.encode())


def _as_fernet(key: bytes) -> bytes:
    return base64.urlsafe_b64encode(key)
