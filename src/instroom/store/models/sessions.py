"""The sessions of people in the web."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from instroom.store.models.customers import User
from instroom.store.models.sign_in_providers import LinkedIdentity


class WebSession(AbstractBaseSession):
    """A browser's visit, from its beginning to its end. Only the browser has the key; here is its SHA-256."""

    session_key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="web_sessions")
    identity = models.ForeignKey(  # by which it began; None: by a password
        LinkedIdentity, null=True, on_delete=models.CASCADE, related_name="web_sessions"
    )
    provider_session = models.CharField(max_length=255, blank=True, default="")  # as the provider calls it (`sid`)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # to the minute

    class Meta(AbstractBaseSession.Meta):
        abstract = False
