"""Tells the operators that somebody has exported dossiers: it is all that is kept, in one request."""

from instroom.flow.news import links, outbox
from instroom.flow.news.notifications import people_with
from instroom.store.models import Environment, Role, User


def tell_exported(environment: Environment, rows: int, by: User) -> None:
    """Also the operator who did it: somebody may do it in their name."""
    customer = environment.customer
    facts = {"customer": customer.title, "by": by.identified, "environment": environment.name, "rows": rows}
    facts["link"] = links.users(customer)
    for user in people_with(customer, Role.OPERATOR):
        outbox.write("exported", user, user.language, facts, customer=customer)
