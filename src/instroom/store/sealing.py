"""Encrypts short secrets with the site's own key, so that a copy of the database does not reveal them."""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealBroken(ValueError):
    """A sealed text cannot be decrypted: it was changed or is too old, or the site's key is a different one now."""


def seal(secret: str, purpose: str) -> str:
    """The secret, encrypted and signed (Fernet). Only `unseal` with the same purpose can decrypt it."""
    return _key(settings.SECRET_KEY, purpose).encrypt(secret.encode()).decode("ascii")


def unseal(sealed: str, purpose: str, within: int | None = None) -> str:
    """Decrypt what `seal` returned, no longer than `within` seconds ago where that is given. Raises SealBroken."""
    try:
        return _key(settings.SECRET_KEY, purpose).decrypt(sealed.encode(), within).decode()
    except InvalidToken as error:
        raise SealBroken(purpose) from error


@cache
def _key(secret_key: str, purpose: str) -> Fernet:
    """A key for one purpose, derived from the site's own (RFC 5869)."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"instroom.{purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret_key.encode())))
