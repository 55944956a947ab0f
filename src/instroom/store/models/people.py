"""Invitations, recovery codes, API tokens and mails, and the keys by which a program can repeat a delivery."""

from django.db import models

from instroom.store.ids import new_id
from instroom.store.models.customers import Customer, User
from instroom.store.models.deliveries import Delivery
from instroom.store.models.sealed_fields import SealedJSONField, SealedTextField


class Invitation(models.Model):
    """An invitation to work for a customer. Only the mail holds the secret word; the database has its hash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    roles = models.JSONField()  # names of `Role`
    sources = models.JSONField(default=list)  # to which these are limited; none: they are not
    word_hash = models.CharField(max_length=64, unique=True)  # SHA-256
    invited_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)  # accepted or withdrawn

    def __str__(self) -> str:
        return f"an invitation for {self.customer}"


class RecoveryCode(models.Model):
    """Signs a user in once who has lost the second factor."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)  # keyed SHA-256
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"a recovery code of {self.user}"


class ApiToken(models.Model):
    """Lets a program act as its user, for one customer, within the token's scopes. Stored as a hash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256
    scopes = models.JSONField()  # actions of `flow.permissions`
    sources = models.JSONField(default=list)  # to which it is limited, as its user may be too; none: it is not
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    made_with = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="made")  # ends with it

    def __str__(self) -> str:
        return f"{self.name} of {self.user}"


class RepeatKey(models.Model):
    """An idempotency key: a program can send the same delivery again without a second effect."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)  # of the request
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "user", "key"], name="repeat_key_once")]

    def __str__(self) -> str:
        return self.key


class Mail(models.Model):
    """A mail to send: written in the transaction of the event that it reports, and sent after it (product.md E4).

    One that waits for a daily overview is never sent itself: it is gathered in the mail that is that overview.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE, related_name="mails", db_index=False)
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=40)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")  # whose address it is
    to = models.EmailField()
    language = models.CharField(max_length=2)
    subject = SealedTextField()
    text = SealedTextField()
    html = SealedTextField()
    facts = SealedJSONField(null=True)  # which fill its sentences again in the overview that it waits for
    held_until = models.DateTimeField(null=True)  # when it is gathered in that overview
    gathered_in = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="gathered")
    once = models.CharField(max_length=200, null=True, unique=True)  # names an event that is reported only once
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()  # not sent before; later after each failure
    attempts = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)  # by the mail server, for good, as it does not take its address

    class Meta:
        indexes = [
            models.Index(fields=["customer", "id"], name="mail_order"),
            models.Index(fields=["to"], name="mail_address"),
            models.Index(fields=["customer"], name="mail_given_up", condition=models.Q(given_up_at__isnull=False)),
            models.Index(
                fields=["due_at"],
                name="mail_due",
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True, held_until__isnull=True),
            ),
            models.Index(
                fields=["held_until"],
                name="mail_held",
                condition=models.Q(held_until__isnull=False, gathered_in__isnull=True, given_up_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.id})"
