"""What belongs to people who sign in: invitations, a second factor's spare codes, and tokens of programs."""

from django.db import models

from instroom.store.ids import new_id
from instroom.store.models.customers import Customer, User
from instroom.store.models.deliveries import Delivery


class Invitation(models.Model):
    """A person asked to come and work for a customer. The mail holds the word; here is its hash alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    roles = models.JSONField()  # names of `Role`
    word_hash = models.CharField(max_length=64, unique=True)  # SHA-256
    invited_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)  # accepted, or taken back

    def __str__(self) -> str:
        return f"an invitation for {self.customer}"


class RecoveryCode(models.Model):
    """Lets a person in once who has lost the second factor."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)  # keyed SHA-256
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"a recovery code of {self.user}"


class ApiToken(models.Model):
    """By which a program works as its user, for one customer, no further than its scopes. Kept as a hash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)  # SHA-256
    scopes = models.JSONField()  # actions of `flow.permissions`
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} of {self.user}"


class RepeatKey(models.Model):
    """A delivery that a program may send again without a second effect (its idempotency key)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)  # of what was asked with it
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "user", "key"], name="repeat_key_once")]

    def __str__(self) -> str:
        return self.key


class Mail(models.Model):
    """A mail that is to go out: written in the transaction of what it tells of, sent after it, once (product.md E4)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE, related_name="mails", db_index=False)
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=40)
    to = models.EmailField()
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    once = models.CharField(max_length=200, null=True, unique=True)  # what may be told but once
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()  # not before: moves on after each failure
    attempts = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "id"], name="mail_order"),
            models.Index(
                fields=["due_at"], name="mail_due", condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.id})"
