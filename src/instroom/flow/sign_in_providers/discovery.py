"""What a provider says of itself, and its keys. Both are kept for a while, and asked for no oftener than that."""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any, Final, NamedTuple, TypeVar

from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from instroom.core.errors import NotAllowed
from instroom.flow.sign_in_providers.asking import ask, checked_address
from instroom.flow.sign_in_providers.refused import Refused

KEPT_FOR: Final = 3600.0
"""Seconds."""
AGAIN_AFTER: Final = 60.0
"""Seconds after which keys are asked for again because of one that is not among them."""
FAILED_FOR: Final = 15.0
"""Seconds in which a provider that has failed is not asked again."""
_LEAST_RSA: Final = 2048
"""Bits (RFC 7518, 3.3); joserfc takes shorter keys with a warning."""
_MOST: Final = 500  # that are kept


class Metadata(NamedTuple):
    """What we use of a provider's discovery document."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    """"" where there is none."""
    secret_by: frozenset[str]
    """How it takes the client's secret: `client_secret_basic`, in a header, and `client_secret_post`, in the form."""
    asks_groups: bool
    """Whether groups are named to who asks for the scope `groups`."""
    names_itself: bool
    """Whether each answer to a sign-in has `iss` (RFC 9207)."""


T = TypeVar("T")


class _Kept(NamedTuple):
    """Something asked for, or how it failed, and when."""

    at: float
    value: Any
    failure: str


_kept: Final[dict[tuple[str, str], _Kept]] = {}
"""By what it is and its address: one provider could name the address of another as that of its keys."""
_lock: Final = Lock()


def metadata_of(issuer: str) -> Metadata:
    """Raises Refused."""
    address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    return _keep(("metadata", address), KEPT_FOR, lambda: _read(ask(address), issuer))


def keys_of(metadata: Metadata, *, newer: bool = False) -> KeySet:
    """The keys that sign. `newer` asks again, where the last time was a while ago. Raises Refused."""
    kept_for = AGAIN_AFTER if newer else KEPT_FOR
    return _keep(("keys", metadata.jwks_uri), kept_for, lambda: _read_keys(ask(metadata.jwks_uri)))


def forget() -> None:
    """Ask anew from here on, as after a change of the settings."""
    with _lock:
        _kept.clear()


def _keep(what: tuple[str, str], kept_for: float, fetch: Callable[[], T]) -> T:
    now = monotonic()
    found = _kept.get(what)
    if found is None or now - found.at >= (FAILED_FOR if found.failure else kept_for):
        try:
            found = _Kept(now, fetch(), "")
        except Refused as error:
            found = _Kept(now, None, error.reason)
        with _lock:
            if len(_kept) >= _MOST:
                _kept.clear()
            _kept[what] = found
    if found.failure:
        raise Refused(found.failure)
    value: T = found.value
    return value


def _read(document: Any, issuer: str) -> Metadata:
    """A provider that calls itself something else is not the one that was asked for (mix-up)."""
    if not isinstance(document, dict):
        raise Refused("discovery")
    if document.get("issuer") != issuer:
        raise Refused("issuer")
    endpoints = [document.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    userinfo, methods = document.get("userinfo_endpoint") or "", document.get("token_endpoint_auth_methods_supported")
    try:
        for address in (*endpoints, *([userinfo] if userinfo else [])):
            checked_address(address if isinstance(address, str) else "")
    except NotAllowed as error:
        raise Refused("discovery") from error
    named = [one for one in methods if isinstance(one, str)] if isinstance(methods, list) else ["client_secret_basic"]
    names_itself = document.get("authorization_response_iss_parameter_supported") is True
    authorization, token, keys = map(str, endpoints)
    scopes = document.get("scopes_supported")
    asks_groups = isinstance(scopes, list) and "groups" in scopes
    return Metadata(issuer, authorization, token, keys, str(userinfo), frozenset(named), asks_groups, names_itself)


def _read_keys(document: Any) -> KeySet:
    """Those of a kind that may sign; a key that we cannot read, or that can be broken, is no key."""
    usable, keys = KeySet([]), document.get("keys") if isinstance(document, dict) else None
    for one in keys if isinstance(keys, list) else []:
        if isinstance(one, dict) and one.get("kty") in ("RSA", "EC") and one.get("use", "sig") == "sig":
            try:
                found = KeySet.import_key_set({"keys": [one]}).keys
            except (JoseError, ValueError, TypeError):
                continue
            usable.keys.extend(
                key for key in found if not isinstance(key, RSAKey) or key.raw_value.key_size >= _LEAST_RSA
            )
    if not usable.keys:
        raise Refused("keys")
    return usable
