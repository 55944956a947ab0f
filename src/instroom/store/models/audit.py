"""The audit log, of which nothing is ever changed (`store.audit_chain`, `store.audit_triggers`)."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

from instroom.store.ids import new_id
from instroom.store.models.customers import Customer, User
from instroom.store.models.deliveries import Delivery


class AboutDossier(models.Func):
    """The id of the dossier that an entry is about, of its facts. Its name is no parameter of the statement, with which
    SQLite would find no index."""

    output_field = models.TextField()
    template = "json_extract(%(expressions)s, '$.dossier')"

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        return self.as_sql(compiler, connection, template="(%(expressions)s ->> 'dossier')", **context)


class AuditEntry(models.Model):
    """Who did what, and when (product.md G2). Never holds values of a dossier.

    Its keys are not checked by the database: checking them waits for whoever has locked the row that they name.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    customer = models.ForeignKey(
        Customer, null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    at = models.DateTimeField()
    user = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    action = models.CharField(max_length=40)
    delivery = models.ForeignKey(
        Delivery, null=True, on_delete=models.PROTECT, related_name="audit", db_constraint=False
    )
    facts = models.JSONField(default=dict)
    number = models.BigIntegerField()  # in its chain, from 1
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "at"], name="audit_order"),
            models.Index(fields=["customer", "action", "at"], name="audit_action"),
            models.Index(fields=["user", "customer", "at"], name="audit_user"),
            models.Index(AboutDossier("facts"), name="audit_dossier"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["customer", "number"], name="audit_number"),
            models.UniqueConstraint(
                fields=["number"], name="audit_site_number", condition=models.Q(customer__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


class AuditHead(models.Model):
    """Where a chain of the audit log ends."""

    chain = models.UUIDField(primary_key=True)
    """The id of its customer, or `audit_chain.SITE`."""
    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    seal = models.TextField()
    """Of all three, by the site's own key, which the database does not have."""
    closed = models.BooleanField(default=False, db_default=False)
    """Nothing is added: its customer moves to another site."""

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"
