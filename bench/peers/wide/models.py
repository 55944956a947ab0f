"""The models, with a text field for each column of the standard layout.

Categories and free fields are plain columns here, and there is no ledger: less work than Instroom does, so that the
comparison is rather too kind than too harsh.
"""

from typing import Any

from django.db import models

from instroom.core.fields import Kind
from instroom.core.layout.loader import Column
from instroom.core.layout.standard import standard


def attribute(column: Column) -> str:
    """The name of a column's field on the model, such as `invoice_address_street`."""
    return column.field.replace(".", "_")


def _text_field(column: Column) -> Any:
    if column.type == "multiline":
        return models.TextField(blank=True, default="")
    return models.CharField(max_length=max(column.max_length, 3), blank=True, default="")


def _model(name: str, kind: Kind, **more: Any) -> type[models.Model]:
    columns = {attribute(column): _text_field(column) for column in standard().block(kind).columns}
    meta = type("Meta", (), {"app_label": "wide", "unique_together": [("extern_source", "extern_id")]})
    key = models.CharField(max_length=101, unique=True)
    return type(name, (models.Model,), {"__module__": __name__, "Meta": meta, "key": key, **columns, **more})


Company = _model("Company", "company")
Person = _model("Person", "person", company=models.ForeignKey(Company, models.PROTECT, null=True))
