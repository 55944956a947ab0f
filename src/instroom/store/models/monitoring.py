"""What is kept to be measured: which processes are alive, and sums that only grow."""

from django.db import models


class Heartbeat(models.Model):
    """A process of the site, and its last sign of life. It takes its row away when it is stopped."""

    process = models.CharField(max_length=63, primary_key=True)  # as `config.process.process_name` has it
    door = models.CharField(max_length=10)  # the command: "web", "ftp", "worker", "serve"
    version = models.CharField(max_length=40)
    began_at = models.DateTimeField()
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.door}: {self.process}"


class Tally(models.Model):
    """A sum over all processes and their whole past; see `store.tallies`."""

    name = models.CharField(max_length=40)
    label = models.CharField(max_length=40)
    total = models.FloatField(default=0.0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "label"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.label}: {self.total}"
