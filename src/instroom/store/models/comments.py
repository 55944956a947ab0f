"""What people write to each other about a delivery."""

from uuid import UUID

from django.db import models

from instroom.store.ids import new_id
from instroom.store.models.customers import User
from instroom.store.models.deliveries import Delivery
from instroom.store.models.sealed_fields import SealedTextField


class Comment(models.Model):
    """A question or a remark. The last one of a delivery that asks is an open question."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="comments", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    text = SealedTextField()  # blank once the delivery's values are removed
    row = models.IntegerField(null=True)  # of the file, where it is about one record
    asks = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["delivery", "id"], name="comment_order")]  # ids rise with time

    def __str__(self) -> str:
        return f"comment on {self.delivery_id}"

    @property
    def customer_id(self) -> UUID:
        return self.delivery.customer_id
