"""Says what the institute is called and how people reach it; and whom at the institute a customer asks for help."""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from unicodedata import category

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from instroom.core import png
from instroom.core.clean_text import clean
from instroom.core.errors import NotAllowed
from instroom.flow import audit, permissions
from instroom.flow.people.own_account import checked_email, checked_name
from instroom.store.models import Customer, Institute, User

MOST_OF_NAME: Final = 100
MOST_OF_PHONE: Final = 40
MOST_OF_WEBSITE: Final = 200
_PHONE: Final = re.compile(rf"[+(]?[0-9][0-9 ()./-]{{1,{MOST_OF_PHONE - 2}}}")
_is_website: Final = URLValidator(schemes=("https", "http"))


def document(found: Institute) -> dict[str, Any]:
    """The document of the API and the command line."""
    return {
        "name": found.name,
        "phone": found.phone,
        "email": found.email,
        "website": found.website,
        "has_logo": bool(found.logo_digest),
    }


@transaction.atomic
def save_institute(asked: Mapping[str, str], *, by: User) -> list[str]:
    """Keep what is asked of `name`, `phone`, `email` and `website`; a blank text takes it away. Gives what differs now.

    Raises NotAllowed.
    """
    permissions.check_site_operator(by)
    wanted = {name: _CHECKS[name](text) for name, text in asked.items()}
    held = _held()
    changed = {name: [getattr(held, name), text] for name, text in wanted.items() if text != getattr(held, name)}
    for name, (_, text) in changed.items():
        setattr(held, name, text)
    if changed:
        held.save(update_fields=list(changed))
        audit.note(None, "institute-changed", by, changed=changed)
    return list(changed)


@transaction.atomic
def save_logo(content: bytes | None, *, by: User) -> bool:
    """Keep a PNG as the logo, or none. Gives whether it differs. Raises NotAllowed for what is no small PNG: an SVG can
    hold programs and addresses."""
    permissions.check_site_operator(by)
    picture = None if content is None else _picture(content)
    digest = hashlib.sha256(picture).hexdigest()[:16] if picture else ""
    held = _held()
    if held.logo_digest == digest:
        return False
    held.logo, held.logo_digest = picture, digest
    held.save(update_fields=["logo", "logo_digest"])
    audit.note(None, "institute-changed", by, logo=bool(picture))
    return True


def contact_document(customer: Customer) -> dict[str, str]:
    """The document of the API and the command line."""
    return {"name": customer.contact_name, "phone": customer.contact_phone, "email": customer.contact_email}


@transaction.atomic
def save_contact(customer: Customer, asked: Mapping[str, str], *, by: User) -> list[str]:
    """Keep what is asked of `name`, `phone` and `email`, as `save_institute`. The audit log names what differs, not
    the person."""
    permissions.check(by, "configure", customer)
    wanted = {name: checked_name(text) if name == "name" else _CHECKS[name](text) for name, text in asked.items()}
    held = Customer.objects.select_for_update().get(pk=customer.pk)
    before = contact_document(held)
    changed = [name for name, text in wanted.items() if text != before[name]]
    for name in changed:
        setattr(customer, f"contact_{name}", wanted[name])
    if changed:
        customer.save(update_fields=[f"contact_{name}" for name in changed])
        audit.note(customer, "contact-changed", by, fields=", ".join(changed))
    return changed


def _held() -> Institute:
    """As stored, locked until the transaction of the caller ends: two at once take turns."""
    return Institute.objects.select_for_update().get_or_create(pk=Institute.THE_ONE)[0]


def _picture(content: bytes) -> bytes:
    try:
        return png.cleaned_png(content)
    except ValueError as error:
        raise NotAllowed("logo", most=png.MOST_BYTES // 1024, pixels=png.MOST_PIXELS) from error


def _name(text: str) -> str:
    """It stands in heads of mails: one line, without what acts."""
    name = clean(text)
    if len(name) > MOST_OF_NAME or any(category(sign).startswith(("C", "Zl", "Zp")) for sign in name):
        raise NotAllowed("institute-name", most=MOST_OF_NAME)
    return name


def _phone(text: str) -> str:
    phone = clean(text)
    if phone and not _PHONE.fullmatch(phone):
        raise NotAllowed("phone", most=MOST_OF_PHONE)
    return phone


def _email(text: str) -> str:
    return checked_email(text) if text.strip() else ""


def _website(text: str) -> str:
    address = text.strip()
    if address and "://" not in address:
        address = f"https://{address}"
    try:
        if address:
            _is_website(address)
    except ValidationError as error:
        raise NotAllowed("website", most=MOST_OF_WEBSITE) from error
    if len(address) > MOST_OF_WEBSITE or "@" in address:  # that may read as another address
        raise NotAllowed("website", most=MOST_OF_WEBSITE)
    return address


_CHECKS: Final[dict[str, Callable[[str], str]]] = {"name": _name, "phone": _phone, "email": _email, "website": _website}
