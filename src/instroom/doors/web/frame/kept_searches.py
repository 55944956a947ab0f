"""What is sought names persons: it stays in the session, and addresses have a word that says nothing."""

import secrets
from typing import Final

from django.http import HttpRequest

from instroom.store.sessions import SEARCHES

_MOST: Final = 60  # of a session, up to three for each search; Back works for these


def keep_search(request: HttpRequest, text: str) -> str:
    """Keep a text that is sought; the word by which this session finds it again."""
    kept = dict(request.session.get(SEARCHES, {}))
    word = secrets.token_urlsafe(9)
    request.session[SEARCHES] = dict([*kept.items(), (word, text[:200])][-_MOST:])
    return word


def kept_search(request: HttpRequest, word: str) -> str:
    """What was sought; "" where this session does not know the word."""
    return str(request.session.get(SEARCHES, {}).get(word, ""))
