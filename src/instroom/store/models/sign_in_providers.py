"""Customers' own OpenID Connect providers, and the people who sign in with them (product.md G6)."""

from django.db import models

from instroom.store.ids import new_id
from instroom.store.models.customers import Customer, User


class SignInProvider(models.Model):
    """Where people of a customer sign in: Entra ID, SURFconext, Keycloak or the like."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="sign_in_provider")
    issuer = models.CharField(max_length=500)
    client_id = models.CharField(max_length=200)
    client_secret = models.TextField(blank=True)  # sealed; "" for a client that has none
    mail_domains = models.JSONField(default=list)  # of who may become a user at the first sign-in; in small letters
    first_roles = models.JSONField(default=list)  # names of `Role`, for a new user with an address in one of these
    groups_claim = models.CharField(max_length=100, default="groups")
    groups = models.JSONField(default=dict)  # group → its `roles`, names of `Role`, and `sources`
    passwords = models.BooleanField(default=True)  # whether people of this customer alone may use one
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"the provider of {self.customer}"


class LinkedIdentity(models.Model):
    """A user as a provider knows them: by issuer and subject, never by an e-mail address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.ForeignKey(SignInProvider, on_delete=models.CASCADE, related_name="identities", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "issuer", "subject"], name="identity_once"),
            models.UniqueConstraint(fields=["provider", "issuer", "user"], name="identity_of_user_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.provider}"


class UsedOnce(models.Model):
    """What a provider may say but once: an answer to a sign-in, and a logout token. Kept until it would expire."""

    key_hash = models.CharField(max_length=64, primary_key=True)  # SHA-256
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key_hash
