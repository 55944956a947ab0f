"""Who signs out at the provider is signed out here (OpenID Connect Back-Channel Logout 1.0)."""

from datetime import timedelta

from django.db import transaction

from instroom.flow import audit
from instroom.flow.sign_in_providers import once
from instroom.flow.sign_in_providers.discovery import metadata_of
from instroom.flow.sign_in_providers.refused import Refused
from instroom.flow.sign_in_providers.signing_in import refused
from instroom.flow.sign_in_providers.tokens import FRESH, LEEWAY, logout_claims
from instroom.store.models import SignInProvider, WebSession


def end_sessions(provider: SignInProvider, token: str, address: str) -> int:
    """End the sessions that a logout token means; gives how many there were. Each token works once. Raises Refused."""
    try:
        return _end_sessions(provider, token)
    except Refused as error:
        raise refused(provider.customer, error.reason, address) from error


@transaction.atomic
def _end_sessions(provider: SignInProvider, token: str) -> int:
    claims = logout_claims(token, provider, metadata_of(provider.issuer))
    if not once.use(f"logout {provider.pk}", claims["jti"], timedelta(seconds=FRESH + 2 * LEEWAY)):
        raise Refused("replayed")
    found = WebSession.objects.filter(identity__provider=provider, identity__issuer=provider.issuer)
    if subject := claims.get("sub"):
        found = found.filter(identity__subject=subject)
    if session := claims.get("sid"):
        found = found.filter(provider_session=session)
    for name in sorted(set(found.values_list("user__username", flat=True))):
        audit.note(provider.customer, "provider-signed-out", of=name)
    return found.delete()[0]
