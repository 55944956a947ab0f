"""Rows that are removed and kept: what happened with them stays known under their name, which is free again."""

from typing import Any, TypeVar

from django.db import models

Kept = TypeVar("Kept", bound=models.Model)


class CurrentManager(models.Manager[Kept]):
    """What is not removed. What refers to a row finds it all the same."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(removed_at=None)
