"""The tables."""

from instroom.store.models.customers import Customer, Environment, Role, User
from instroom.store.models.deliveries import AuditEntry, Change, Connection, Delivery, Plan
from instroom.store.models.dossiers import Category, Company, Dossier, Person, column_name

__all__ = [
    "AuditEntry",
    "Category",
    "Change",
    "Company",
    "Connection",
    "Customer",
    "Delivery",
    "Dossier",
    "Environment",
    "Person",
    "Plan",
    "Role",
    "User",
    "column_name",
]
