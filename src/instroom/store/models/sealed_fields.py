"""Fields that are encrypted at rest, with the data key of the row's customer (product.md G3)."""

from typing import Any

import orjson
from django.db import models

from instroom.store.data_keys import seal, unseal


class SealedTextField(models.BinaryField):  # type: ignore[type-arg] # none at run time
    """Text. Blank is stored as it is, so that a query can ask for it, and `update` can make it so."""

    def pre_save(self, model_instance: Any, add: bool) -> bytes | None:
        value = self._encoded(getattr(model_instance, self.attname))
        return seal(model_instance.customer_id, value) if value else value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str) and value:
            raise TypeError(f"{self.name}: only a row can be sealed; save it")
        return super().get_db_prep_value(b"" if value == "" else value, connection, prepared)

    def from_db_value(self, value: bytes | memoryview | None, *_: Any) -> Any:
        return None if value is None else self._decoded(unseal(value) if value else b"")

    def _encoded(self, value: Any) -> bytes | None:
        return None if value is None else str(value).encode()

    def _decoded(self, plain: bytes) -> Any:
        return plain.decode()


class SealedJSONField(SealedTextField):
    """A JSON document, or None."""

    def _encoded(self, value: Any) -> bytes | None:
        return None if value is None else orjson.dumps(value)

    def _decoded(self, plain: bytes) -> Any:
        return orjson.loads(plain)
