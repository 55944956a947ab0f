"""Tells all who decide for a customer that a safeguard has been relaxed, or that somebody wants to (product.md D3)."""

from collections.abc import Mapping
from typing import Any, cast

from instroom.core.language import Language
from instroom.core.report.safeguard_text import relaxed_lines
from instroom.flow.news import links, outbox
from instroom.flow.news.mail_text import MAILS
from instroom.flow.news.notifications import people_with
from instroom.store.models import Connection, Customer, Role, User


def tell(
    kind: str,
    customer: Customer,
    connection: Connection | None,
    relaxes: Mapping[str, Any],
    by: User,
    decided_by: User | None = None,
) -> None:
    """Write the mail of this kind to the operators and approvers, who did it too: somebody may do it in their name.

    `by` is who asked, `decided_by` the second person.
    """
    for user in people_with(customer, Role.OPERATOR, Role.APPROVER):
        lang = cast(Language, user.language)
        of = MAILS.texts(lang)["safeguards-of"]
        facts = {
            "customer": customer.title,
            "of": of["connection"].format(name=connection.name) if connection else of["customer"],
            "by": by.identified,
            "decided_by": decided_by.identified if decided_by else "",
            "link": links.proposals(customer),
            "lines": [f"{line.what}: {line.old} → {line.new}" for line in relaxed_lines(relaxes, lang)],
        }
        outbox.write(kind, user, lang, facts, customer=customer)


def tell_giver_left(connection: Connection) -> None:
    """Tell the operators that the standing approval of a connection stands back: who gave it may not approve now."""
    giver = connection.standing_by.identified if connection.standing_by else "–"
    for user in people_with(connection.customer, Role.OPERATOR):
        facts = {"customer": connection.customer.title, "connection": connection.name, "giver": giver}
        facts["link"] = links.connection(connection)
        once = f"giver-left:{connection.pk}:{connection.standing_since}:{user.pk}"
        outbox.write("giver-left", user, user.language, facts, customer=connection.customer, once=once)


def tell_new_approver(customer: Customer, new: User, by: User | None) -> None:
    """Tell all who decide that somebody else may, too."""
    facts = {"customer": customer.title, "user": new.identified, "by": by.identified if by else "Instroom"}
    for user in people_with(customer, Role.OPERATOR, Role.APPROVER):
        outbox.write("new-approver", user, user.language, facts, customer=customer)
