"""Tells people that there is a question or a remark about a delivery, without its text: that may name persons."""

from collections.abc import Iterable

from instroom.flow.news import links, outbox
from instroom.flow.news.notifications import approvers_of, suppliers_of
from instroom.flow.source_limits import is_open_to
from instroom.store.models import Comment, Delivery, User


def tell_commented(delivery: Delivery, by: User, asks: bool, thread: Iterable[Comment]) -> None:
    """Tell the other side, and who took part before. Who delivered it asks who decides; anybody else, who delivered."""
    suppliers = list(suppliers_of(delivery))
    others = approvers_of(delivery) if by in suppliers else suppliers
    told = {user.pk: user for user in (*others, *(one.user for one in thread)) if user.is_active and user != by}
    facts = {
        "name": delivery.file_name,
        "who": by.called,
        "customer": delivery.customer.title,
        "link": f"{links.delivery(delivery)}#comments",
    }
    for user in told.values():
        if is_open_to(delivery, "read", user):
            kind = "question" if asks else "remark"
            outbox.write(kind, user, user.language, facts, customer=delivery.customer, delivery=delivery)
