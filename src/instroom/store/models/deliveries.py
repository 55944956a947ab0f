"""Deliveries, their plans, and what each plan changes. A plan's changes are the ledger: nothing is written twice."""

from django.db import models

from instroom.store.ids import new_id
from instroom.store.models.connections import Connection
from instroom.store.models.customers import Customer, Environment, User
from instroom.store.models.file_server import FileAccount
from instroom.store.states import State


class Delivery(models.Model):
    """One file, or one undo, on its way from received to imported (product.md D). The row is the state machine."""

    FILE, UNDO = "file", "undo"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    connection = models.ForeignKey(Connection, null=True, on_delete=models.PROTECT, related_name="deliveries")
    kind = models.CharField(max_length=4, choices=[(FILE, "file"), (UNDO, "undo")], default=FILE)
    undoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    corrects = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="corrected_by"
    )  # the next version
    state = models.CharField(max_length=20, default=State.RECEIVED)
    waits_for = models.CharField(max_length=4, blank=True)  # before its check: "hour" of its connection, or a "name"
    attempts = models.IntegerField(default=0)  # of the step that it is in

    file_name = models.CharField(max_length=255, blank=True)
    file_key = models.CharField(max_length=200, blank=True)  # where `files.py` keeps it
    file_format = models.CharField(max_length=4, blank=True)
    bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    layout = models.CharField(max_length=100)
    policies = models.JSONField(default=dict)

    verdict = models.CharField(max_length=10, blank=True)
    counts = models.JSONField(default=dict)
    findings = models.BinaryField(default=b"")  # see findings.py

    delivered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(FileAccount, null=True, on_delete=models.PROTECT, related_name="deliveries")
    watched = models.BooleanField(default=False)  # dropped in a watched folder (F5): there its answer goes
    answered = models.CharField(max_length=20, blank=True)  # the state that the account's directory tells of
    received_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    approved_digest = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField(null=True)  # D4: not before
    automatic = models.BooleanField(default=False)  # approved by the standing approval of its connection (E3)
    exceeded = models.JSONField(default=list)  # the guards that it is held for, with their numbers
    step_seconds = models.JSONField(default=dict)  # how long each step took, by the state that it leaves
    reason = models.TextField(blank=True)  # of a refusal, a failure or a return for approval
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "state", "id"], name="delivery_state"),
            models.Index(fields=["customer", "id"], name="delivery_order"),
            models.Index(
                fields=["connection", "id"],
                name="delivery_waits",
                condition=models.Q(state=State.RECEIVED, waits_for="hour"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} ({self.state})"


class Plan(models.Model):
    """What a delivery does, or would do, in one environment (product.md D1)."""

    PLANNED, IMPORTED, UNDONE, DROPPED = "planned", "imported", "undone", "dropped"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="plans", db_index=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="plans")
    state = models.CharField(max_length=10, default=PLANNED)
    digest = models.CharField(max_length=64)
    totals = models.JSONField()  # the OUTCOME of the contracts, and more
    basis = models.BinaryField()  # which version of which dossier the plan has seen
    outcomes = models.BinaryField()  # what becomes of each record
    made_at = models.DateTimeField()
    executed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["environment", "state", "id"], name="plan_state")]

    def __str__(self) -> str:
        return f"{self.environment}: {self.state}"


class Change(models.Model):
    """What one plan does to one dossier: what was, and what becomes of it, for the columns that differ."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="+", db_index=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="changes", db_index=False)
    kind = models.CharField(max_length=7)
    dossier = models.UUIDField()  # of a company or a person, also when that is gone
    action = models.CharField(max_length=10)  # new, changed, removed; unchanged where only the link changes
    link = models.CharField(max_length=10, blank=True)  # linked, relinked, unlinked
    row = models.IntegerField(null=True)  # the first row of the file that asks it
    extern_source = models.TextField()
    extern_id = models.TextField()
    before = models.JSONField()
    after = models.JSONField()
    company_before = models.UUIDField(null=True)
    company_after = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["plan", "id"], name="change_order"),  # ids rise in the order of the plan
            models.Index(fields=["environment", "dossier", "id"], name="change_history"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.extern_id}: {self.action}"


class AuditEntry(models.Model):
    """Who did what, and when (product.md G2). Holds names of things, never values of a dossier."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    action = models.CharField(max_length=40)
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.CASCADE, related_name="audit")
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "at"], name="audit_order"),
            models.Index(fields=["customer", "action", "at"], name="audit_action"),
            models.Index(fields=["user", "customer", "at"], name="audit_user"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
