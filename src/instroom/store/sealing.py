"""Keeps a short secret such that the database alone does not give it away: encrypted with a key of the site's own."""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealBroken(ValueError):
    """What was sealed cannot be opened: it was changed, or the site has another key than it had."""


def seal(secret: str, purpose: str) -> str:
    """The secret, encrypted and signed (Fernet). What is sealed for one purpose opens for no other."""
    return _key(settings.SECRET_KEY, purpose).encrypt(secret.encode()).decode("ascii")


def unseal(sealed: str, purpose: str) -> str:
    """The secret again. Raises SealBroken."""
    try:
        return _key(settings.SECRET_KEY, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken(purpose) from error


@cache
def _key(secret_key: str, purpose: str) -> Fernet:
    """A key per purpose, derived from the site's own (RFC 5869)."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"instroom.{purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret_key.encode())))
