"""An operator sets up the customer's own sign-in provider (product.md G6)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.db.models import F

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import audit, permissions
from instroom.flow.news import links
from instroom.flow.people.members import check_giving, in_order, refuse_limited_operator
from instroom.flow.sign_in_providers import discovery
from instroom.flow.sign_in_providers.asking import checked_address
from instroom.flow.sign_in_providers.signing_in import SECRET
from instroom.flow.source_limits import checked_sources
from instroom.store.models import Customer, LinkedIdentity, Role, SignInProvider, User, WebSession
from instroom.store.sealing import seal

MOST_GROUPS: Final = 100
MOST_DOMAINS: Final = 50
_DOMAIN: Final = re.compile(r"(?=.{3,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
_WORD: Final = re.compile(r"[!-~]{1,200}")


class GroupRoles(NamedTuple):
    """What a group gives: roles, limited to sources where some are named."""

    roles: Collection[str]
    sources: Collection[str] = ()


@dataclass(frozen=True)
class ProviderSettings:
    """What an operator chooses of it."""

    issuer: str
    client_id: str
    client_secret: str = ""
    """"" leaves the secret as it is."""
    mail_domains: Collection[str] = ()
    first_roles: Collection[str] = ()
    """Of who becomes a user at the first sign-in, with an address in one of the domains."""
    groups_claim: str = "groups"
    groups: Mapping[str, GroupRoles] = field(default_factory=dict)
    passwords: bool = True
    active: bool = True


def provider_of(customer: Customer) -> SignInProvider | None:
    """What is set up for a customer, whether it is active or not."""
    return SignInProvider.objects.filter(customer=customer).select_related("customer").first()


def settings_of(provider: SignInProvider) -> ProviderSettings:
    """What was chosen; the secret stays where it is."""
    names = (one.name for one in fields(ProviderSettings) if one.name not in ("client_secret", "groups"))
    groups = {name: GroupRoles(**gives) for name, gives in provider.groups.items()}
    return ProviderSettings(groups=groups, **{name: getattr(provider, name) for name in names})


@transaction.atomic
def save(customer: Customer, chosen: ProviderSettings, *, by: User) -> bool:
    """Set it up, or change it; whether anything differs. Another issuer or client ends the sessions that began by it.
    Raises NotAllowed and Refused."""
    permissions.check(by, "configure", customer)
    Customer.objects.select_for_update().get(pk=customer.pk)
    by_groups = (role for gives in chosen.groups.values() for role in gives.roles)
    check_giving(customer, {*chosen.first_roles, *by_groups}, by)
    provider = provider_of(customer) or SignInProvider(customer=customer)
    before = _audit_view(provider) if not provider._state.adding else {}
    identified_by = (provider.issuer, provider.client_id)
    _set_fields(provider, chosen)
    after = _audit_view(provider)
    changed: dict[str, Any] = {name: [before.get(name), now] for name, now in after.items() if before.get(name) != now}
    if chosen.client_secret:
        changed["secret"] = True
    if not changed:
        return False
    provider.save()
    if identified_by != (provider.issuer, provider.client_id) or not provider.active:
        WebSession.objects.filter(identity__provider=provider).delete()
    if not provider.passwords and provider.active:
        _refuse_untried(provider)
    audit.note(customer, "provider-changed", by, changed=changed)
    discovery.forget()
    return True


@transaction.atomic
def remove(customer: Customer, *, by: User) -> None:
    """Remove it, with the links to users; sessions that began by it end. Roles by groups stay, as if given by hand.
    Raises NotFound and NotAllowed."""
    permissions.check(by, "configure", customer)
    check_giving(customer, (), by)
    if not SignInProvider.objects.filter(customer=customer).delete()[0]:
        raise NotFound("no-provider", customer=customer.name)
    Role.objects.filter(customer=customer, from_groups=True).update(from_groups=False)
    audit.note(customer, "provider-removed", by)


@transaction.atomic
def unlink(customer: Customer, user: User, *, by: User) -> None:
    """End the link of a user to the provider: their own, or as operator. Raises NotFound and NotAllowed."""
    if user != by:
        check_giving(customer, (), by)
    if not LinkedIdentity.objects.filter(provider__customer=customer, user=user).delete()[0]:
        raise NotFound("no-identity", user=user.username)
    audit.note(customer, "identity-unlinked", by, of=user.username)


class OwnLink(NamedTuple):
    """A customer of a user that has a provider, and whether that can sign the user in."""

    customer: Customer
    is_linked: bool


def own_links(user: User) -> list[OwnLink]:
    found = SignInProvider.objects.filter(customer__roles__user=user, active=True).select_related("customer").distinct()
    linked = set(
        LinkedIdentity.objects.filter(user=user, issuer=F("provider__issuer")).values_list("provider", flat=True)
    )
    return [OwnLink(one.customer, one.pk in linked) for one in found.order_by("customer__title")]


def document(provider: SignInProvider) -> dict[str, Any]:
    """The document of the command line. The secret is in none."""
    return {
        "issuer": provider.issuer,
        "client_id": provider.client_id,
        "has_secret": bool(provider.client_secret),
        "mail_domains": provider.mail_domains,
        "first_roles": provider.first_roles,
        "groups_claim": provider.groups_claim,
        "groups": provider.groups,
        "passwords": provider.passwords,
        "active": provider.active,
        **addresses_of(provider.customer),
    }


def addresses_of(customer: Customer) -> dict[str, str]:
    """What is to be entered at the provider, and the link for people."""
    return {
        "redirect_uri": links.provider_answer(customer),
        "backchannel_logout_uri": links.provider_sign_out(customer),
        "sign_in": links.provider_sign_in(customer),
    }


def _set_fields(provider: SignInProvider, chosen: ProviderSettings) -> None:
    """Raises NotAllowed."""
    checked_issuer(chosen.issuer)
    domains = sorted({one.strip().lower().lstrip("@") for one in chosen.mail_domains if one.strip()})
    if not _WORD.fullmatch(chosen.client_id) or not _WORD.fullmatch(chosen.groups_claim):
        raise NotAllowed("provider-client")
    if len(domains) > MOST_DOMAINS or not all(_DOMAIN.fullmatch(one) for one in domains):
        raise NotAllowed("provider-domains", most=MOST_DOMAINS)
    groups = {
        name.strip(): {"roles": in_order(gives.roles), "sources": checked_sources(gives.sources)}
        for name, gives in chosen.groups.items()
    }
    named_well = all(0 < len(name) <= 200 and name.isprintable() for name in groups)
    all_roles = all(gives.roles and set(gives.roles) <= set(Role.NAMES) for gives in chosen.groups.values())
    if len(groups) > MOST_GROUPS or not named_well or not all_roles:
        raise NotAllowed("provider-groups", most=MOST_GROUPS)
    for gives in groups.values():
        refuse_limited_operator(gives["roles"], gives["sources"])
    if chosen.first_roles and not domains:
        raise NotAllowed("provider-first-roles")
    provider.issuer, provider.client_id, provider.groups_claim = chosen.issuer, chosen.client_id, chosen.groups_claim
    provider.mail_domains, provider.first_roles, provider.groups = domains, in_order(chosen.first_roles), groups
    provider.passwords, provider.active = chosen.passwords, chosen.active
    if chosen.client_secret:
        provider.client_secret = seal(chosen.client_secret, SECRET)


def checked_issuer(issuer: str) -> None:
    """Raises NotAllowed for an address that no issuer has: it has no query (OpenID Connect Discovery 1.0, 3)."""
    try:
        checked_address(issuer)
    except NotAllowed as error:
        raise NotAllowed("provider-issuer") from error
    if "?" in issuer:
        raise NotAllowed("provider-issuer")


def try_out(issuer: str, customer: Customer, *, by: User) -> discovery.Metadata:
    """Ask the provider what it says of itself, and for its keys. Raises NotAllowed and Refused."""
    permissions.check(by, "configure", customer)
    checked_issuer(issuer)
    discovery.forget()
    metadata = discovery.metadata_of(issuer)
    discovery.keys_of(metadata)
    return metadata


def _refuse_untried(provider: SignInProvider) -> None:
    """Passwords stay on until an operator has come in without one: nobody is locked out by a setting."""
    linked = LinkedIdentity.objects.filter(provider=provider, issuer=provider.issuer, user__is_active=True)
    operators = Role.objects.filter(customer=provider.customer, name=Role.OPERATOR).values("user")
    if not linked.filter(user__in=operators).exists():
        raise NotAllowed("provider-untried")


def written(gives: GroupRoles) -> str:
    """Such as `supplier, reader: AFAS`; `read_group` reads it."""
    return ", ".join(gives.roles) + (f": {', '.join(gives.sources)}" if gives.sources else "")


def read_group(text: str) -> GroupRoles:
    """What `written` gives. What is no role stays, and is refused by `save`."""
    roles, _, sources = text.partition(":")
    return GroupRoles([one.strip() for one in roles.split(",")], [one.strip() for one in sources.split(",")])


def _audit_view(provider: SignInProvider) -> dict[str, Any]:
    return {
        "issuer": provider.issuer,
        "client": provider.client_id,
        "domains": ", ".join(provider.mail_domains),
        "roles": ", ".join(provider.first_roles),
        "claim": provider.groups_claim,
        "groups": {name: written(GroupRoles(**gives)) for name, gives in sorted(provider.groups.items())},
        "passwords": provider.passwords,
        "active": provider.active,
    }
