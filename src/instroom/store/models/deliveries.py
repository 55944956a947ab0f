"""Deliveries, their plans, and each plan's changes. The changes also serve as the ledger of an executed plan."""

from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from instroom.core import keys
from instroom.store.ids import new_id
from instroom.store.models.connections import Connection
from instroom.store.models.customers import Customer, Environment, User
from instroom.store.models.file_server import FileAccount
from instroom.store.models.keys import PersonKey
from instroom.store.models.sealed_fields import SealedJSONField
from instroom.store.states import State


class Delivery(models.Model):
    """One file, or one undo, on its way from received to imported (product.md D). `state` is its state machine."""

    FILE, UNDO = "file", "undo"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    number = models.BigIntegerField()  # in order of arrival, from 1 for each customer; see `flow.delivery.arrival`
    connection = models.ForeignKey(
        Connection, null=True, on_delete=models.PROTECT, related_name="deliveries", db_index=False
    )
    kind = models.CharField(max_length=4, choices=[(FILE, "file"), (UNDO, "undo")], default=FILE)
    undoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    only_dossier = models.UUIDField(null=True)  # of an undo: the only dossier, by its id in live, that it restores
    corrects = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="corrected_by"
    )  # the next version
    state = models.CharField(max_length=20, default=State.RECEIVED)
    waits_for = models.CharField(max_length=4, blank=True)  # before its check: "hour", "name", "date"; see `receive`
    failures = models.IntegerField(default=0, db_default=0)  # of its steps, since it was last let go on
    crashes = models.IntegerField(default=0, db_default=0)  # processes that ended in its current step
    started_at = models.DateTimeField(null=True)  # the step that a process is at
    started_by = models.CharField(max_length=100, blank=True, db_default="")  # that process
    failing_since = models.DateTimeField(null=True)  # its first failure
    try_again_at = models.DateTimeField(null=True)  # not tried before, after a failure
    cause = models.CharField(max_length=20, blank=True, db_default="")  # of its last failure: a label `reason`
    cause_facts = models.JSONField(default=dict, db_default={})

    file_name = models.CharField(max_length=255, blank=True)
    file_name_key = models.CharField(max_length=800, blank=True, editable=False)
    file_key = models.CharField(max_length=200, blank=True)  # of `store.files.delivered_files`
    file_format = models.CharField(max_length=4, blank=True)
    bytes = models.BigIntegerField(default=0)
    kept_bytes = models.BigIntegerField(default=0)  # on disk: its file while that is kept, and its reports
    sha256 = models.CharField(max_length=64, blank=True)
    layout = models.CharField(max_length=100)
    policies = models.JSONField(default=dict)
    limited_to = models.JSONField(null=True)  # the sources from which its maker could deliver, sorted; None: from all

    verdict = models.CharField(max_length=10, blank=True)
    counts = models.JSONField(default=dict)

    delivered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        FileAccount, null=True, on_delete=models.PROTECT, related_name="deliveries", db_index=False
    )
    managed_by = models.JSONField(default=list)  # ids of who managed its account when it came in: made by them too
    watched = models.BooleanField(default=False)  # dropped in a watched folder (F5), where its answer goes
    answered = models.CharField(max_length=20, blank=True)  # the state in the latest answer in the account's directory
    received_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)  # when a person let it go on, of a file that waited
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    approved_digest = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField(null=True)  # not imported before (D4)
    automatic = models.BooleanField(default=False)  # approved by the standing approval of its connection (E3)
    exceeded = models.JSONField(default=list)  # the guards that hold it, with their numbers
    step_seconds = models.JSONField(default=dict)  # the duration of each step, by the state before it
    reason = models.TextField(blank=True)  # of a refusal, a failure or a return for approval
    finished_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(default=timezone.now)  # when it came to its state
    file_removed_at = models.DateTimeField(null=True)  # with its reports; see `flow.delivery.forget`
    complete = models.BooleanField(default=False, db_default=False)  # who delivered it said: only these records
    merged = models.JSONField(null=True)  # a part, put in the version before: `flow.delivery.merging.Merged`
    admits_erased = models.BooleanField(default=False, db_default=False)  # decided: it may bring erased persons back
    values_removed_at = models.DateTimeField(null=True)  # those in its findings: see `flow.operations.ageing`
    plan_asked_at = models.DateTimeField(null=True)  # somebody waits for a new plan: see `flow.delivery.renewing`

    class Meta:
        indexes = [
            models.Index(fields=["customer", "state", "number", "id"], name="delivery_state"),
            models.Index(fields=["customer", "id"], name="delivery_time"),  # ids rise with the clock of their node
            models.Index(fields=["connection", "number"], name="delivery_connection"),
            models.Index(fields=["account", "number"], name="delivery_account"),
            models.Index(
                fields=["customer", "number"],
                name="delivery_due",
                condition=models.Q(
                    state__in=[State.RECEIVED, State.CHECKING, State.TRAINING, State.APPROVED, State.IMPORTING],
                    waits_for="",
                ),
            ),
            models.Index(  # how many there are is told every few seconds
                fields=["state"],
                name="delivery_open",
                condition=models.Q(
                    state__in=[
                        State.RECEIVED,
                        State.CHECKING,
                        State.TRAINING,
                        State.AWAITING_APPROVAL,
                        State.HELD,
                        State.APPROVED,
                        State.SCHEDULED,
                        State.IMPORTING,
                    ],
                ),
            ),
            models.Index(fields=["due_at"], name="delivery_scheduled", condition=models.Q(state=State.SCHEDULED)),
            models.Index(fields=["customer"], name="delivery_again", condition=models.Q(try_again_at__isnull=False)),
            models.Index(
                fields=["customer"], name="delivery_plan_asked", condition=models.Q(plan_asked_at__isnull=False)
            ),
            models.Index(fields=["file_key"], name="delivery_file"),
            models.Index(fields=["customer", "changed_at"], name="delivery_changed"),
            models.Index(
                fields=["connection", "number"],
                name="delivery_waits",
                condition=models.Q(state=State.RECEIVED, waits_for="hour"),
            ),
            models.Index(fields=["customer", "kept_bytes"], name="delivery_kept", condition=models.Q(kept_bytes__gt=0)),
            models.Index(fields=["customer", "finished_at"], name="delivery_age"),
            models.Index(
                fields=["id"],
                name="delivery_to_delete",
                condition=models.Q(file_removed_at__isnull=False, kept_bytes__gt=0),
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["customer", "number"], name="delivery_number")]

    def __str__(self) -> str:
        return f"{self.id} ({self.state})"

    @property
    def undoes_whole(self) -> "Delivery | None":
        """The delivery that it undoes, of which nothing is left to undo after that."""
        return None if self.only_dossier else self.undoes

    def save(self, *args: Any, **options: Any) -> None:
        """With the key of its file name, which is never set apart from it."""
        fields = options.get("update_fields")
        if fields is None or "file_name" in fields:
            self.file_name_key = keys.file_key(self.file_name)
            options["update_fields"] = fields and [*fields, "file_name_key"]
        super().save(*args, **options)


class DeliverySource(models.Model):
    """A source of which a delivery names or changes a dossier. Those who are limited to sources see it by these.

    A blank source stands for records that do not say which they are of.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="sources", db_index=False)
    source = models.TextField()  # `source_key` of it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "source"], name="delivery_source_once")]

    def __str__(self) -> str:
        return f"{self.source} in {self.delivery_id}"


class Plan(models.Model):
    """What a delivery changes, or would change, in one environment (product.md D1)."""

    PLANNED, IMPORTED, UNDONE = "planned", "imported", "undone"
    REFRESHED = "refreshed"  # in training: imported, and gone since training became a copy of live
    COPIED = "copied"  # in training: there, since it was in live when training became a copy of that
    OUTDATED = "outdated"  # against live: approved, and kept beside the plan that took its place
    IN_LEDGER = (IMPORTED, UNDONE)  # those whose changes are what happened to the dossiers of their environment

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="plans", db_index=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="plans")
    state = models.CharField(max_length=10, default=PLANNED)
    digest = models.CharField(max_length=64)
    totals = models.JSONField()  # the OUTCOME of the contracts, and more
    kept = SealedJSONField(null=True)  # of an undo: what it leaves as it is, `core.plan.undo.Kept`
    frequent = SealedJSONField(null=True)  # against live: `core.plan.frequent.FrequentValue`, where there is any
    basis = models.BinaryField()  # the versions of the dossiers on which the plan was based, encrypted
    outcomes = models.BinaryField()  # the outcome of each record
    differences = models.BinaryField(default=b"")  # of an outdated plan: what sets it apart from the next one
    made_at = models.DateTimeField()
    executed_at = models.DateTimeField(null=True)
    values_removed_at = models.DateTimeField(null=True)  # those of its changes: see `flow.operations.ageing`

    class Meta:
        indexes = [models.Index(fields=["environment", "state", "id"], name="plan_state")]

    def __str__(self) -> str:
        return f"{self.environment}: {self.state}"

    @property
    def customer_id(self) -> UUID:
        return self.environment.customer_id


class StoredChange(models.Model):
    """The change of one dossier by one plan: old and new values of the columns that differ."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="+", db_index=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="changes", db_index=False)
    kind = models.CharField(max_length=7)
    dossier = models.UUIDField()  # no foreign key: the company or person may be removed
    action = models.CharField(max_length=10)  # new, changed, removed; unchanged if only the link changes
    link = models.CharField(max_length=10, blank=True)  # linked, relinked, unlinked
    row = models.IntegerField(null=True)  # the first row of the file that causes it
    extern_source = models.TextField()
    sealed = models.BinaryField()  # old and new values, and the ExternId; `store.sql.plans` opens it
    person_key = models.ForeignKey(
        PersonKey, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )  # of a person: once that is erased, so are the values
    company_before = models.UUIDField(null=True)
    company_after = models.UUIDField(null=True)
    sensitive = models.BooleanField(default=False, db_default=False)  # changes a field that others act on
    changed_fields = models.TextField(null=True)  # their names, `,job_title,work_email,`; "" of a new dossier

    class Meta:
        db_table = "store_change"
        indexes = [
            models.Index(fields=["plan", "id"], name="change_order"),  # ids rise in the order of the plan
            models.Index(fields=["environment", "dossier", "id"], name="change_history"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dossier}: {self.action}"
