"""The way there and back: the address to which a person is sent, and what the provider's answer is worth.

Authorization code flow with PKCE (RFC 7636, RFC 9700). What must be known again at the answer travels sealed in a
cookie, so a visitor who never comes back has cost no row.
"""

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import quote_plus

from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.utils.crypto import constant_time_compare

from instroom.flow import audit, throttle
from instroom.flow.news import links
from instroom.flow.people.sign_in import too_many_attempts
from instroom.flow.sign_in_providers import once
from instroom.flow.sign_in_providers.asking import ask, checked_address
from instroom.flow.sign_in_providers.discovery import Metadata, metadata_of
from instroom.flow.sign_in_providers.refused import Refused
from instroom.flow.sign_in_providers.tokens import Claims, id_claims
from instroom.store.models import Customer, SignInProvider
from instroom.store.sealing import SealBroken, seal, unseal

WITHIN: Final = 10 * 60
"""Seconds to sign in at the provider."""
SECRET: Final = "sign-in-provider"  # noqa: S105 - what the client's secret is sealed for
_PENDING: Final = "sign-in-provider-pending"
_SCOPE: Final = "openid email profile"


class Departure(NamedTuple):
    """A person on the way to the provider."""

    address: str
    host: str
    """Of the address."""
    cookie: str
    """For their browser, for WITHIN seconds. Only this site can read it."""


class Arrival(NamedTuple):
    """A person whom the provider has named."""

    claims: Claims
    asked: dict[str, str]
    """What `begin` was given."""


def depart(wanted: str, address: str, **asked: str) -> Departure:
    """Where to send a person who has given the name of a customer, a mail domain or an e-mail address. What is asked,
    such as the page to go back to, is known again at the answer.

    Raises NotAllowed: Refused with the same reason whether there is no such customer, it has no provider, or that
    fails. Who tries names learns no more than which customers have a provider that works.
    """
    refuse_banned(address)
    provider = _provider_named(wanted.strip().lower().replace("\0", "")[:254])
    if provider is None:
        raise refused(None, "unreachable", address)
    try:
        return begin(provider, **asked)
    except Refused as error:
        raise Refused("unreachable") from refused(provider.customer, error.reason, address)


def provider_of(customer_name: str) -> SignInProvider:
    """The active provider of a customer. Raises Refused."""
    found = SignInProvider.objects.filter(customer__name=customer_name, active=True).select_related("customer").first()
    if found is None:
        raise Refused("unreachable")
    return found


def _provider_named(wanted: str) -> SignInProvider | None:
    """A domain that two customers have claimed is nobody's: then the customer's own name leads there."""
    active = SignInProvider.objects.filter(active=True).select_related("customer")
    domain = wanted.rpartition("@")[2]
    if "." not in domain:
        return active.filter(customer__name=wanted).first()
    found = [pk for pk, domains in active.values_list("pk", "mail_domains") if domain in domains]
    return active.get(pk=found[0]) if len(found) == 1 else None


def begin(provider: SignInProvider, **asked: str) -> Departure:
    """As `depart`, to a provider that is known. Raises Refused."""
    metadata = metadata_of(provider.issuer)
    verifier, state, nonce = generate_token(64), generate_token(43), generate_token(43)
    pending = {"provider": str(provider.pk), "issuer": provider.issuer, "verifier": verifier, "state": state}
    address = prepare_grant_uri(
        metadata.authorization_endpoint,
        provider.client_id,
        "code",
        redirect_uri=links.provider_answer(provider.customer),
        scope=f"{_SCOPE} groups" if provider.groups and metadata.asks_groups else _SCOPE,
        state=state,
        nonce=nonce,
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
    )
    host = checked_address(metadata.authorization_endpoint).host
    return Departure(address, host, seal(json.dumps({**pending, "nonce": nonce, "asked": asked}), _PENDING))


def arrive(provider: SignInProvider, cookie: str, answer: Mapping[str, str]) -> Arrival:
    """Whom the provider names, by the answer that the browser has brought. Each works once. Raises Refused."""
    try:
        pending = json.loads(unseal(cookie, _PENDING, WITHIN))
    except SealBroken as error:
        raise Refused("state") from error
    begun_here = (str(provider.pk), provider.issuer) == (pending["provider"], pending["issuer"])
    if not begun_here or not constant_time_compare(answer.get("state", ""), pending["state"]):
        raise Refused("state")
    metadata = metadata_of(provider.issuer)
    if answer.get("iss", "" if metadata.names_itself else provider.issuer) != provider.issuer:
        raise Refused("issuer")  # RFC 9207: the answer of another provider
    if not once.use("state", pending["state"], timedelta(seconds=WITHIN)):
        raise Refused("state")
    if "error" in answer or not answer.get("code"):
        raise Refused("provider")
    tokens = _redeem(provider, metadata, answer["code"], pending["verifier"])
    access_token = tokens.get("access_token") if isinstance(tokens.get("access_token"), str) else ""
    claims = id_claims(
        tokens.get("id_token"), provider, metadata, nonce=pending["nonce"], access_token=access_token or ""
    )
    wanted = {"email", provider.groups_claim} if provider.groups else {"email"}
    if metadata.userinfo_endpoint and access_token and not wanted <= set(claims):
        claims = {**_userinfo(metadata, access_token, claims["sub"]), **claims}
    return Arrival(claims, pending["asked"])


def refuse_banned(address: str) -> None:
    if until := throttle.banned_until(throttle.PROVIDER_SIGN_IN, address=address):
        raise too_many_attempts(until)


def refused(customer: Customer | None, reason: str, address: str) -> Refused:
    """Count the failure and, where the customer is known, record it."""
    throttle.count(throttle.PROVIDER_SIGN_IN, address=address)
    if customer:
        audit.note(customer, "provider-refused", reason=reason, address=address)
    return Refused(reason)


def _redeem(provider: SignInProvider, metadata: Metadata, code: str, verifier: str) -> dict[str, Any]:
    """The tokens for the code (RFC 6749, 2.3.1 and 4.1.3). In a header not every provider decodes what is encoded: a
    secret that takes that goes into the form, where it may."""
    try:
        secret = unseal(provider.client_secret, SECRET) if provider.client_secret else ""
    except SealBroken as error:
        raise Refused("secret") from error
    by_header = "client_secret_basic" in metadata.secret_by
    by_form = not by_header or ("client_secret_post" in metadata.secret_by and quote_plus(secret) != secret)
    by_form = by_form or not secret
    form = prepare_token_request(
        "authorization_code",
        redirect_uri=links.provider_answer(provider.customer),
        code=code,
        code_verifier=verifier,
        client_id=provider.client_id if by_form else None,
        client_secret=secret if by_form else None,
    )
    basic = base64.b64encode(f"{quote_plus(provider.client_id)}:{quote_plus(secret)}".encode()).decode()
    found = ask(metadata.token_endpoint, form, {} if by_form else {"Authorization": f"Basic {basic}"})
    if not isinstance(found, dict):
        raise Refused("answer")
    return found


def _userinfo(metadata: Metadata, access_token: str, subject: str) -> Claims:
    """What the provider says there, of the same person (OpenID Connect Core 1.0, 5.3.2)."""
    found = ask(metadata.userinfo_endpoint, headers={"Authorization": f"Bearer {access_token}"})
    if not isinstance(found, dict) or found.get("sub") != subject:
        raise Refused("userinfo")
    return found
