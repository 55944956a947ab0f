"""Counts of attempts, kept for `flow.throttle`."""

from django.db import models

from instroom.store.ids import new_id


class AttemptCounter(models.Model):
    """The attempts of one subject under one limit: a network, a name, or a name from a network.

    A limit has a fixed number of slots, and each subject has one of them. So no attacker can make this table grow.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    limit = models.CharField(max_length=40)  # the name of a `flow.throttle.Limit`
    slot = models.PositiveIntegerField()
    network = models.CharField(max_length=45)  # an IPv4 address, or the /64 of an IPv6 address; "" where none counts
    name_hash = models.CharField(
        max_length=32
    )  # keyed: people type passwords where a name is asked; "" where none counts
    attempts = models.PositiveIntegerField(default=0)  # since `since`
    since = models.DateTimeField()
    bans = models.PositiveIntegerField(default=0)  # in succession: each can be longer than the one before
    banned_until = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)  # from then on the row has no meaning, and can be deleted

    class Meta:
        constraints = [models.UniqueConstraint(fields=["limit", "slot"], name="attempt_counter_slot")]
        indexes = [
            models.Index(fields=["name_hash"], name="attempt_counter_name"),
            models.Index(fields=["network"], name="attempt_counter_network"),
        ]

    def __str__(self) -> str:
        return f"{self.limit}: {self.attempts}"
