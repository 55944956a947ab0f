"""Webhooks, the calls to them, and the attempts at each call (product.md E4)."""

from django.db import models

from instroom.store.ids import new_id
from instroom.store.models.customers import Customer, User
from instroom.store.models.deliveries import Delivery


class Webhook(models.Model):
    """A customer's program that is notified of events by a POST to its address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="webhooks", db_index=False)
    name = models.SlugField(max_length=60)
    address = models.CharField(max_length=500)
    events = models.JSONField()  # names of `flow.webhooks.events`
    secret = models.CharField(max_length=200)  # encrypted: a hash cannot sign
    old_secret = models.CharField(max_length=200, blank=True)  # encrypted; signs beside the new one for a while
    old_secret_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    paused_at = models.DateTimeField(null=True)
    gone = models.BooleanField(default=False)  # paused automatically: its receiver answered 410
    rests_until = models.DateTimeField(null=True)  # after a failure nothing is sent before

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "name"], name="webhook_once")]

    def __str__(self) -> str:
        return self.name


class WebhookCall(models.Model):
    """One event for one webhook: written in the transaction of the event, and sent after it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="calls", db_index=False)
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.CASCADE, related_name="+")
    event = models.CharField(max_length=40)
    body = models.TextField()  # as it is signed and sent, byte for byte
    once = models.CharField(max_length=200, null=True)  # names an event that is reported only once
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField()  # created, or sent again by hand: attempts count from here
    due_at = models.DateTimeField()  # not sent before; later after each failure
    attempts = models.IntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "once"], name="webhook_call_once")]
        indexes = [
            models.Index(fields=["webhook", "id"], name="webhook_call_order"),
            models.Index(
                fields=["webhook"], name="webhook_call_given_up", condition=models.Q(given_up_at__isnull=False)
            ),
            models.Index(
                fields=["webhook", "due_at"],
                name="webhook_call_due",
                condition=models.Q(delivered_at__isnull=True, given_up_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} ({self.id})"


class WebhookAttempt(models.Model):
    """The result of one attempt at a call. Of the response, only its status is stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call = models.ForeignKey(WebhookCall, on_delete=models.CASCADE, related_name="log", db_index=False)
    at = models.DateTimeField()
    status = models.IntegerField(null=True)  # of the response, if there was one
    failure = models.CharField(max_length=20, blank=True)  # otherwise the failure: a name of `flow.webhooks.posting`
    milliseconds = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["call", "id"], name="webhook_attempt_order")]

    def __str__(self) -> str:
        return f"{self.call_id}: {self.status or self.failure}"
