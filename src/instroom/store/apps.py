"""Registers the store as a Django app."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """The app that holds all models of Instroom."""

    name = "instroom.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
