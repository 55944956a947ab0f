"""Signs of life of processes, without the processes."""

from datetime import timedelta

from django.db.models.functions import Now

from instroom.store.models import Heartbeat


def give_sign_of_life(door: str = "worker", *, number: int = 1, ago: timedelta = timedelta()) -> None:
    """As such a process gives it, or gave it some time ago."""
    name = f"instroom werk:{number}:8812:1f0c9a7e"
    Heartbeat.objects.create(process=name, door=door, version="1", began_at=Now(), beat_at=Now() - ago)
