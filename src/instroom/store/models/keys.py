"""The keys by which data is encrypted at rest (product.md G3). None is in the clear: see `store.data_keys`."""

from django.db import models

from instroom.store import data_keys
from instroom.store.ids import new_id
from instroom.store.models.customers import Customer


class DataKey(models.Model):
    """A key of a customer, or of the site itself. Without it nothing that it encrypted can be read again."""

    id = models.BigIntegerField(primary_key=True)  # random: it stands beside the data
    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=6, choices=[(data_keys.DATA, "data"), (data_keys.LOOKUP, "lookup")])
    wrapped = models.BinaryField()  # by the site's secret key
    made_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)  # it still reads

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "purpose"],
                name="data_key_current",
                condition=models.Q(replaced_at=None, customer__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["purpose"],
                name="data_key_of_site",
                condition=models.Q(replaced_at=None, customer__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"key {self.id} ({self.purpose})"


class PersonKey(models.Model):
    """A key of one person. What it encrypted is erased with it: the values of each plan that names the person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    lookup = models.CharField(max_length=32)  # a keyed hash of ExternSource and ExternId
    wrapped = models.BinaryField()  # by the customer's data key

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "lookup"], name="person_key_once")]

    def __str__(self) -> str:
        return f"key {self.id}"
