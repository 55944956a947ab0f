"""Judges what a provider has signed: ID tokens (OpenID Connect Core 1.0, 3.1.3.7) and logout tokens (Back-Channel
Logout 1.0, 2.6). Only these algorithms: never `none`, and none whose key the client shares."""

from time import time
from typing import Any, Final

from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry, Token, decode

from instroom.flow.sign_in_providers.discovery import Metadata, keys_of
from instroom.flow.sign_in_providers.refused import Refused
from instroom.store.models import SignInProvider

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
LEEWAY: Final = 60
"""Seconds that clocks may differ."""
FRESH: Final = 10 * 60
"""Seconds after which a token is too old to be the answer to what we have just asked."""
LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_MOST_LETTERS: Final = 255  # of a subject (OpenID Connect Core 1.0, 2), and of a session

_NOT_SIGNED: Final = (JoseError, ValueError, TypeError)
"""What joserfc raises for one that is forged or malformed: a `crit` that is a number is a TypeError."""

Claims = dict[str, Any]


def id_claims(token: Any, provider: SignInProvider, metadata: Metadata, *, nonce: str, access_token: str) -> Claims:
    """What the ID token says of the person. Raises Refused."""
    found = _signed(token, metadata)
    facts = {"nonce": nonce, "client_id": provider.client_id, "access_token": access_token}
    expected = {**_expected(provider), "sub": {"essential": True}}
    judged = CodeIDToken(found.claims, found.header, expected, facts)
    try:
        judged.validate(leeway=LEEWAY)
    except JoseError as error:
        raise _refused(error) from error
    _refuse_odd(found.claims)
    return found.claims


def logout_claims(token: Any, provider: SignInProvider, metadata: Metadata) -> Claims:
    """Whom a logout token signs out: `sub`, `sid` or both, and its `jti`. Raises Refused."""
    found = _signed(token, metadata)
    if str(found.header.get("typ", "JWT")).lower().removeprefix("application/") not in ("jwt", "logout+jwt"):
        raise Refused("typ")  # signed for another use; providers may leave the type out
    claims, required = found.claims, {"jti": {"essential": True}, "iat": {"essential": True}}
    try:
        JWTClaimsRegistry(leeway=LEEWAY, **_expected(provider), **required).validate(claims)  # type: ignore[arg-type]
    except JoseError as error:
        raise _refused(error) from error
    _refuse_odd(claims)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict) or "nonce" in claims:
        raise Refused("events")
    if not (claims.get("sub") or claims.get("sid")):
        raise Refused("sub")
    return claims


def _signed(token: Any, metadata: Metadata) -> Token:
    """Decoded, where a key of the provider has signed it. Keys that have been changed are asked for again."""
    if not isinstance(token, str):
        raise Refused("no-token")
    try:
        return decode(token, keys_of(metadata), ALGORITHMS)
    except _NOT_SIGNED:
        try:
            return decode(token, keys_of(metadata, newer=True), ALGORITHMS)
        except _NOT_SIGNED as error:
            raise Refused("signature") from error


def _expected(provider: SignInProvider) -> dict[str, Any]:
    return {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }


def _refuse_odd(claims: Claims) -> None:
    """Raise Refused for a token that is old, or names somebody in signs that the standard does not allow."""
    if claims["iat"] < time() - FRESH - LEEWAY:
        raise Refused("expired")
    for named in (claims.get("sub", ""), claims.get("sid", "")):
        if not isinstance(named, str) or len(named) > _MOST_LETTERS or not (named.isascii() and named.isprintable()):
            raise Refused("sub")


def _refused(error: JoseError) -> Refused:
    """By the claim that is wrong, such as `aud`; `expired` where it is the time."""
    return Refused("expired" if error.error == "expired_token" else str(getattr(error, "claim", "") or "claims"))
