"""Removed rows that are kept: their history still has their name, which others may take again."""

from typing import Any, TypeVar

from django.db import models

Kept = TypeVar("Kept", bound=models.Model)


class CurrentManager(models.Manager[Kept]):
    """Rows that are not removed. A foreign key still finds a removed row."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(removed_at=None)
