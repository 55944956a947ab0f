"""Webhooks: which programs are told of what, each call to one of them, and each attempt at it (product.md E4)."""

from django.db import models

from instroom.store.ids import new_id
from instroom.store.models.customers import Customer, User
from instroom.store.models.deliveries import Delivery


class Webhook(models.Model):
    """A program of a customer that is told of events, by a POST to its address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="webhooks", db_index=False)
    name = models.SlugField(max_length=60)
    address = models.CharField(max_length=500)
    events = models.JSONField()  # names of `flow.webhooks.events`
    secret = models.CharField(max_length=200)  # sealed: it has to sign, so a hash is not enough
    old_secret = models.CharField(max_length=200, blank=True)  # sealed; signs beside the new one for a while
    old_secret_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    paused_at = models.DateTimeField(null=True)
    gone = models.BooleanField(default=False)  # paused by itself: its receiver said 410
    rests_until = models.DateTimeField(null=True)  # after a failure: nothing is sent before

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "name"], name="webhook_once")]

    def __str__(self) -> str:
        return self.name


class WebhookCall(models.Model):
    """One event for one webhook: written in the transaction of what it tells of, sent after it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="calls", db_index=False)
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.CASCADE, related_name="+")
    event = models.CharField(max_length=40)
    body = models.TextField()  # as it is signed and sent, byte for byte
    once = models.CharField(max_length=200, null=True)  # what may be told but once
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField()  # made, or sent again by hand: its attempts count from here
    due_at = models.DateTimeField()  # not before: moves on after each failure
    attempts = models.IntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "once"], name="webhook_call_once")]
        indexes = [
            models.Index(fields=["webhook", "id"], name="webhook_call_order"),
            models.Index(
                fields=["due_at"],
                name="webhook_call_due",
                condition=models.Q(delivered_at__isnull=True, given_up_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} ({self.id})"


class WebhookAttempt(models.Model):
    """What came of one attempt at a call. Of the answer no more than its status is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call = models.ForeignKey(WebhookCall, on_delete=models.CASCADE, related_name="log", db_index=False)
    at = models.DateTimeField()
    status = models.IntegerField(null=True)  # of the answer, where there was one
    failure = models.CharField(max_length=20, blank=True)  # else what went wrong: a name of `flow.webhooks.posting`
    milliseconds = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["call", "id"], name="webhook_attempt_order")]

    def __str__(self) -> str:
        return f"{self.call_id}: {self.status or self.failure}"
