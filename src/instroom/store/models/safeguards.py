"""Changes that relax a safeguard, and wait for a second person (product.md D3)."""

from django.db import models

from instroom.store.ids import new_id
from instroom.store.models.connections import Connection
from instroom.store.models.customers import Customer, User


class Proposal(models.Model):
    """Somebody wants to relax safeguards of a connection, or else of the customer; another person decides."""

    WAITING, CONFIRMED, REFUSED, REPLACED = "waiting", "confirmed", "refused", "replaced"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="proposals", db_index=False)
    connection = models.ForeignKey(Connection, null=True, on_delete=models.CASCADE, related_name="proposals")
    relaxes = models.JSONField()  # safeguard → [old, new], as `core.safeguards.relaxed` gives it
    settings = models.JSONField()  # what is set when it is confirmed; see `flow.safeguards.proposals`
    state = models.CharField(max_length=10, default=WAITING)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "state", "id"], name="proposal_state")]

    def __str__(self) -> str:
        return f"{self.id} ({self.state})"
