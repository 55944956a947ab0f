"""The short names of customers, connections and webhooks: they stand in addresses, folders and commands."""

import re
from typing import Final
from unicodedata import combining, normalize

from instroom.core.errors import NotAllowed
from instroom.flow import permissions
from instroom.store.models import Customer

MOST_OF_NAME: Final = 60
_NAME: Final = re.compile(rf"[a-z0-9](?:[a-z0-9-]{{0,{MOST_OF_NAME - 2}}}[a-z0-9])?")


def refuse_bad_name(name: str) -> None:
    """Raise NotAllowed for what cannot stand in addresses and commands."""
    if not _NAME.fullmatch(name):
        raise NotAllowed("short-name", most=MOST_OF_NAME)


def proposed_name(text: str) -> str:
    """A short name made of what people read: `Zorggroep De Linde B.V.` gives `zorggroep-de-linde-b-v`. "" where no
    letter or digit of it can stand in one."""
    plain = "".join(sign for sign in normalize("NFD", text.lower()) if not combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MOST_OF_NAME].rstrip("-")


def hold_names(customer: Customer) -> None:
    """Until the end of the transaction nobody else gives or frees a name of this customer, or takes in a file. Raises
    CustomerMoving."""
    permissions.refuse_moving(Customer.objects.select_for_update(no_key=True).get(pk=customer.pk))


def refuse_renamed(seen: str, now: str, wanted: str) -> None:
    """Of two people who rename the same thing, the second is told what the first has made of it. Raises NotAllowed."""
    if now not in (seen, wanted):
        raise NotAllowed("renamed-meanwhile", before=seen, name=now)
