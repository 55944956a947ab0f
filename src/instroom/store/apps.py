"""The Django app."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """All models of Instroom live here."""

    name = "instroom.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
