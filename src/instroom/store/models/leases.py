"""Leases: see `store.leases`."""

from django.db import models


class Lease(models.Model):
    """Who is at work on something that one process at a time may do."""

    subject = models.UUIDField(primary_key=True, editable=False)  # a customer's id: its steps; else `store.leases`
    number = models.BigIntegerField(default=0)  # rises with each holder: what was begun under a lower one is refused
    holder = models.CharField(max_length=63, blank=True, default="")  # the name of its process; "": nobody
    until = models.DateTimeField(null=True)  # without a sign of life; then another process may take it over
    taken_at = models.DateTimeField(null=True)  # for the last time: customers have their turns by it

    class Meta:
        indexes = [models.Index(fields=["until"], name="lease_held", condition=~models.Q(holder=""))]

    def __str__(self) -> str:
        return f"{self.subject} {self.number}"
