"""Customers, their two environments, and the people who work for them."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from instroom.store.ids import new_id


class Customer(models.Model):
    """An organisation that delivers. Nothing is shared between customers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)
    policies = models.JSONField(default=dict)  # overridden by those of the connection and of the delivery
    quota = models.BigIntegerField(null=True)  # bytes on disk; None: see `flow.delivery.room`
    closing_days = models.JSONField(default=dict)  # see core/closing_days.py
    move = models.UUIDField(null=True)  # from or to another site, while nothing of the customer changes: `flow.moving`
    arrived = models.BooleanField(default=False, db_default=False)  # by that move, and not open yet
    # Whom its people ask for help at the institute; what is blank is that of the site.
    contact_name = models.CharField(max_length=60, default="", db_default="")
    contact_phone = models.CharField(max_length=40, default="", db_default="")
    contact_email = models.EmailField(default="", db_default="")

    def __str__(self) -> str:
        return self.name


class Environment(models.Model):
    """Where a customer's dossiers live: `training` to look at first, `live` for real (product.md D2)."""

    TRAINING, LIVE = "training", "live"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="environments")
    name = models.CharField(max_length=10, choices=[(TRAINING, "training"), (LIVE, "live")])
    # The numbers of dossiers. Every write updates them: counting a million takes PostgreSQL half a second.
    companies = models.IntegerField(default=0)
    persons = models.IntegerField(default=0)
    # A requested refresh of training, to become a copy of live. The first two are blank again when it is done.
    refresh_asked_at = models.DateTimeField(null=True)
    refresh_asked_by = models.ForeignKey("User", null=True, on_delete=models.PROTECT, related_name="+")
    refresh_attempts = models.IntegerField(default=0)  # that have begun

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "name"], name="environment_once")]
        indexes = [
            models.Index(
                fields=["customer"],
                name="environment_to_refresh",
                condition=models.Q(refresh_asked_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer}/{self.name}"


class User(AbstractUser):
    """A person who signs in. Their roles say what they may do."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    language = models.CharField(max_length=2, default="nl")  # of mails to this user
    new_email = models.EmailField(blank=True, default="")  # asked for; it becomes `email` when its link is followed
    totp_secret = models.TextField(blank=True)  # of the second factor, encrypted
    totp_since = models.DateTimeField(null=True)  # confirmed at; from then on a code is required
    totp_step = models.BigIntegerField(default=0)  # the last one used: each code works once

    @property
    def called(self) -> str:
        """For people. Programs and the audit log have `username`, which nobody changes."""
        return self.get_full_name() or self.username

    @property
    def identified(self) -> str:
        """With the user name, where it matters who it is: everybody chooses what they are called."""
        return f"{self.called} ({self.username})" if self.get_full_name() else self.username


class Role(models.Model):
    """What a user may do for one customer (product.md G2)."""

    OPERATOR, SUPPLIER, APPROVER, READER = "operator", "supplier", "approver", "reader"
    EXPORTER = "exporter"
    NAMES = (OPERATOR, SUPPLIER, APPROVER, READER, EXPORTER)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="roles")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="roles")
    name = models.CharField(max_length=10, choices=[(name, name) for name in NAMES])
    sources = models.JSONField(default=list)  # to which it is limited; none: it is not (see `flow.source_limits`)
    from_groups = models.BooleanField(default=False)  # goes when the provider no longer names the group

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "user", "name"], name="role_once")]

    def __str__(self) -> str:
        return f"{self.user} is {self.name} of {self.customer}"
