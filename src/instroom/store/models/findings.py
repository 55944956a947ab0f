"""The findings of deliveries, in pieces: see `store.sql.findings`."""

from django.db import models

from instroom.store.models.deliveries import Delivery


class KeptFindings(models.Model):
    """What a check found in a delivery: how much, and where in the chunks it is."""

    delivery = models.OneToOneField(Delivery, primary_key=True, on_delete=models.CASCADE, related_name="+")
    index = models.BinaryField(default=b"")
    rows = models.BinaryField(default=b"")  # those with an error, and those with a warning by its code
    fates = models.JSONField(null=True)  # of those of the version before; see `flow.delivery.versions`
    packed = models.BinaryField(null=True)  # all of them as older versions kept them, until they are in chunks

    def __str__(self) -> str:
        return f"findings of {self.delivery_id}"


class FindingChunk(models.Model):
    """Some findings of a delivery, compressed and encrypted."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="finding_chunk")]

    def __str__(self) -> str:
        return f"findings {self.number} of {self.delivery_id}"
