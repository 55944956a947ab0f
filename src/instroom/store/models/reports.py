"""The reports that wait to be made: see `flow.delivery.reports`."""

from django.db import models

from instroom.store.models.deliveries import Delivery


class AskedReport(models.Model):
    """A report of a delivery that somebody waits for. Gone once it is made, or a day after it was given up."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    suffix = models.CharField(max_length=5)
    language = models.CharField(max_length=2, blank=True)  # "": it is in none
    asked_at = models.DateTimeField(auto_now_add=True)
    attempts = models.IntegerField(default=0)  # that have begun
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "kind", "suffix", "language"], name="asked_report")]
        indexes = [
            models.Index(fields=["id"], name="asked_report_waits", condition=models.Q(given_up_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind}{self.suffix} of {self.delivery_id}"
