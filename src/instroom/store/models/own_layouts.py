"""The site's own layouts."""

from django.db import models

from instroom.store.ids import new_id
from instroom.store.models.customers import User


class OwnLayout(models.Model):
    """A layout that an operator has added (product.md A8), as it was written. It never changes: another content is
    another version."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    text = models.TextField()  # TOML; see core/layout/loader.py
    sha256 = models.CharField(max_length=64)  # of the text
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="own_layout_once")]

    def __str__(self) -> str:
        return f"{self.name}/{self.version}"
