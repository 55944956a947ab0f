"""Connections, and their runs: the times at which a file is expected (product.md E)."""

from datetime import UTC, datetime
from typing import Any, Final

from django.db import models
from django.utils import timezone

from instroom.core.keys import file_key
from instroom.core.layout.standard import DEFAULT_LAYOUT
from instroom.store.ids import new_id
from instroom.store.models.customers import Customer, User
from instroom.store.models.file_server import FileAccount
from instroom.store.models.kept_rows import CurrentManager
from instroom.store.states import ConnectionState

AT_ONCE: Final = datetime(1970, 1, 1, tzinfo=UTC)


def default_layout() -> str:
    """A function, so that a new version of the layout needs no migration."""
    return DEFAULT_LAYOUT


class Connection(models.Model):
    """A periodic delivery (koppeling): its account, file, layout, policies and schedule (product.md E1)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="connections", db_index=False)
    name = models.SlugField(max_length=60)
    layout = models.CharField(max_length=100, default=default_layout)
    policies = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    account = models.ForeignKey(FileAccount, null=True, on_delete=models.PROTECT, related_name="connections")
    file_name = models.CharField(max_length=255, blank=True)
    file_name_key = models.CharField(
        max_length=800, blank=True, editable=False
    )  # `file_key` of it, by which it is found
    sources = models.JSONField(default=list)  # to which it is limited, as its account may be too; none: it is not
    folder = models.CharField(max_length=200, blank=True)  # below the account's own, "" for that one: export/hr
    folder_key = models.CharField(max_length=650, blank=True, editable=False)  # `file_key` of it
    schedule = models.CharField(max_length=200, default="arrival")  # see core/schedule.py
    on_closed = models.CharField(max_length=4, default="skip")  # a time on a closing day: "skip", "move" it, or "run"
    zone = models.CharField(max_length=60, default="Europe/Amsterdam")
    late_after = models.IntegerField(default=60)  # minutes after its time: the grace
    missing_after = models.IntegerField(default=360)  # minutes after its time
    on_late = models.CharField(max_length=4, default="take")  # what comes after the grace: "take" it, or "next" time
    same_is_normal = models.BooleanField(default=False)  # a file with the same bytes as last time is told nobody
    on_correction = models.CharField(max_length=4, default="take")  # after one that ended badly: "take" it, or "next"
    paused_at = models.DateTimeField(null=True)

    standing_since = models.DateTimeField(null=True)  # of the standing approval (E3), as is the user below
    standing_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(null=True)  # when a person last undid, refused or withdrew a file of it
    guards = models.JSONField(default=dict)  # only those that differ from the default: name → [percent, number, least]

    mails = models.JSONField(default=dict)  # whom to tell what, and when: see flow/news/mail_choice.py

    trouble = models.CharField(max_length=7, blank=True)  # "late" or "missing", until it is over
    told_at = models.DateTimeField(null=True)  # when people were last notified of that trouble
    look_at = models.DateTimeField(default=AT_ONCE)  # when the worker attends to it next: `flow.waits.look_at_once`

    objects = CurrentManager["Connection"]()
    ever = models.Manager["Connection"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "name"], name="connection_once", condition=models.Q(removed_at=None)
            ),
            models.UniqueConstraint(
                fields=["account", "folder_key", "file_name_key"],
                name="connection_file_once",
                condition=models.Q(removed_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["look_at"], name="connection_look", condition=models.Q(removed_at=None, paused_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def file_path(self) -> str:
        """The file's name with its folder, as a program sends it."""
        return f"{self.folder}/{self.file_name}" if self.folder else self.file_name

    def save(self, *args: Any, **options: Any) -> None:
        """With the keys of its file name and folder, which are never set apart from them. Whatever changes, it is
        looked at anew."""
        self.file_name_key, self.folder_key = file_key(self.file_name), file_key(self.folder)
        self.look_at = AT_ONCE
        super().save(*args, **options)


class ConnectionRun(models.Model):
    """One time at which a file is expected, also when the clock changes (product.md E2)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="runs", db_index=False)
    local_date = models.DateField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=20, default=ConnectionState.WAITING)
    open = models.BooleanField(default=True)  # until the next time comes a file can be taken, if none came or a bad one
    delivery = models.ForeignKey("Delivery", null=True, on_delete=models.SET_NULL, related_name="runs")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "due_at"], name="connection_run_once")]

    def __str__(self) -> str:
        return f"{self.connection} of {self.due_at}: {self.state}"
