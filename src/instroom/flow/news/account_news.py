"""Tells a person by mail that something has changed with their account: whoever did not do that should know."""

from typing import cast

from instroom.core.language import Language
from instroom.flow.news import links, outbox
from instroom.flow.news.mail_text import MAILS
from instroom.store.models import User


def tell(user: User, change: str) -> None:
    """`change` is a name of the `changes` in the words of the mails."""
    what = MAILS.texts(cast(Language, user.language))["changes"][change]
    facts = {"user": user.username, "what": what, "link": links.account()}
    outbox.write("account-changed", user, user.language, facts, customer=None)
