"""The sessions of people in the web."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from instroom.store.models.customers import User


class WebSession(AbstractBaseSession):
    """A browser's visit, from its beginning to its end. Only the browser has the key; here is its SHA-256."""

    session_key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="web_sessions")
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # to the minute

    class Meta(AbstractBaseSession.Meta):
        abstract = False
