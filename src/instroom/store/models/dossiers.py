"""The dossiers: one wide table for each kind, every field as canonical text, blank is "" (see docs/adr).

The columns follow `instroom.core.fields`. Only the set-based SQL of `store.sql` writes these tables.
"""

from django.db import models
from django.db.models.functions import Lower

from instroom.core.fields import FIELDS, Kind
from instroom.store.ids import new_id
from instroom.store.models.customers import Environment


def column_name(field: str) -> str:
    """The column of a field: `postal_address.street` is `postal_address_street`."""
    return field.replace(".", "_")


class Dossier(models.Model):
    """The part that companies and persons share: an identity within an environment (product.md B4)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.IntegerField(
        default=1
    )  # one higher at each change: a plan stores the version that it was based on
    extern_source = models.TextField()
    extern_id = models.TextField()  # as first written
    extern_id_key = models.TextField()  # as compared
    categories = models.JSONField(default=list)  # [[group, category], …], sorted
    free_fields = models.JSONField(default=dict)  # {definition: value}

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.extern_source} {self.extern_id}"


class Company(Dossier):
    """The dossier of a company (bedrijfsdossier)."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["environment", "extern_source", "extern_id_key"], name="company_key")
        ]
        indexes = [
            models.Index("environment", Lower("name"), name="company_name"),
            models.Index(
                fields=["environment", "registration_number"],
                name="company_registration",
                condition=~models.Q(registration_number=""),
            ),
        ]


class Person(Dossier):
    """A person's dossier (persoonsdossier); without a company it is a private person (particulier)."""

    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT, related_name="persons")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["environment", "extern_source", "extern_id_key"], name="person_key")
        ]
        indexes = [
            models.Index("environment", Lower("surname"), "date_of_birth", name="person_name"),
            models.Index(
                "environment", Lower("work_email"), name="person_work_email", condition=~models.Q(work_email="")
            ),
            models.Index(
                "environment", Lower("home_email"), name="person_home_email", condition=~models.Q(home_email="")
            ),
        ]


def _add_fields(model: type[Dossier], kind: Kind) -> None:
    for field in FIELDS[kind]:
        model.add_to_class(column_name(field), models.TextField(blank=True, default=""))


_add_fields(Company, "company")
_add_fields(Person, "person")


class Category(models.Model):
    """A category of an environment, created when a file first names it (product.md B8)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="+", db_index=False)
    group = models.TextField()
    name = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["environment", "group", "name"], name="category_once")]

    def __str__(self) -> str:
        return f"{self.group}: {self.name}"
