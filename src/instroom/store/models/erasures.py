"""Who has been erased (product.md G3): only a keyed hash is kept, by which the person is known when delivered again."""

from django.db import models

from instroom.store.models.customers import Customer, User


class Erasure(models.Model):
    """A person who has been erased. Nothing but a decision on a delivery that names them brings them back."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.CharField(max_length=32)  # a keyed hash of ExternSource and ExternId
    erased_at = models.DateTimeField()
    erased_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # null: after a restore
    reason = models.TextField(blank=True)
    admitted_at = models.DateTimeField(null=True)  # a delivery that names them was let in, and imported

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "person"], name="erasure_once")]

    def __str__(self) -> str:
        return f"{self.person} ({self.erased_at:%Y-%m-%d})"
