"""The file server's accounts, and the addresses from which they have signed in (product.md F2)."""

from django.db import models

from instroom.store.ids import new_id
from instroom.store.models.customers import Customer, User
from instroom.store.models.kept_rows import CurrentManager


class FileAccount(models.Model):
    """An account of the file server: it delivers for one customer, and sees only its own directory."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="file_accounts")
    name = models.CharField(max_length=60)  # lower case; unique over all customers
    former_name = models.CharField(max_length=60, blank=True)  # before it was renamed; its program may still use it
    password = models.CharField(max_length=256)  # hashed
    plain_ftp = models.BooleanField(default=False)  # may sign in without TLS
    allow_missing_close_notify = models.BooleanField(default=False)  # its program ends TLS data without close_notify
    tls_resumption = models.CharField(max_length=8, default="learned")  # see `flow.file_server.tls_resumption`
    tls_resumed = models.PositiveIntegerField(default=0)  # data connections that resumed the TLS session
    tls_not_resumed = models.PositiveIntegerField(default=0)
    tls_resumed_in_row = models.PositiveIntegerField(default=0)
    tls_resumed_depth = models.PositiveIntegerField(default=0)  # in one session, the most in that row
    sources = models.JSONField(default=list)  # to which it is limited; none: it is not
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # whose program it is
    removed_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    failed_in_row = models.PositiveIntegerField(default=0)  # attempts since its last upload

    objects = CurrentManager["FileAccount"]()
    ever = models.Manager["FileAccount"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], name="file_account_once", condition=models.Q(removed_at=None)),
        ]

    def __str__(self) -> str:
        return self.name


class AccountManager(models.Model):
    """Somebody who has changed an account, set its password or been its contact, since it had its present password."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(FileAccount, on_delete=models.CASCADE, related_name="managers", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "user"], name="account_manager_once")]

    def __str__(self) -> str:
        return f"{self.user} manages {self.account}"


class KnownAddress(models.Model):
    """An address from which an account has signed in: failed attempts from elsewhere do not ban it there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(FileAccount, on_delete=models.CASCADE, related_name="addresses", db_index=False)
    address = models.GenericIPAddressField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "address"], name="known_address_once")]

    def __str__(self) -> str:
        return f"{self.account} from {self.address}"


class FailedAttempt(models.Model):
    """A sign-in or an upload of an account that failed; the same one again within an hour counts in one row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(FileAccount, on_delete=models.CASCADE, related_name="failed_attempts", db_index=False)
    cause = models.CharField(max_length=20)  # a code of `flow.file_server.failed_attempts`
    address = models.CharField(max_length=45, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    times = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()  # the last time

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], name="failed_attempt_order"),
            models.Index(fields=["at"], name="failed_attempt_age"),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.cause}"
