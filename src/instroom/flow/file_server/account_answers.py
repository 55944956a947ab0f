"""The answer comes back in the account's directory (product.md F4): `<name>.rapport.xlsx` and `.json`.

After the check, and whenever the delivery's state has changed since; the next delivery of that name replaces them.
"""

import json
import logging
import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.db.models import F
from django.utils import timezone

from instroom.core.errors import InstroomError
from instroom.core.report.json_report import report_json
from instroom.flow import find
from instroom.flow.seeing import show
from instroom.flow.seeing.answer import answer_of
from instroom.store.models import Delivery
from instroom.store.uploads import Shelf

_BEFORE_THE_CHECK: Final = ("received", "checking")
_RECENT: Final = timedelta(days=60)
_log = logging.getLogger("instroom.ftp")


def answer_all(base: Path) -> int:
    """Write the answers of all deliveries that came in by an account and have another state than was told; gives how
    many. What cannot be written is told in the log, and tried again."""
    due = (
        Delivery.objects.filter(account__isnull=False, received_at__gt=timezone.now() - _RECENT)
        .exclude(answered=F("state"))
        .exclude(state__in=_BEFORE_THE_CHECK)
        .exclude(verdict="")  # ended before its check: superseded, withdrawn, or the same file as last time
        .select_related("customer", "connection", "account")
        .order_by("pk")
    )
    return sum(_answered(base, delivery) for delivery in due)


def _answered(base: Path, delivery: Delivery) -> bool:
    state = delivery.state
    try:
        if _is_newest(delivery):
            _write(base, delivery)
    except (InstroomError, OSError) as error:
        _log.error("the answer to delivery %s cannot be written: %s", delivery.pk, error)
        if isinstance(error, OSError):
            return False
    Delivery.objects.filter(pk=delivery.pk).update(answered=state)
    return True


def _is_newest(delivery: Delivery) -> bool:
    later = Delivery.objects.filter(account=delivery.account_id, file_name=delivery.file_name, pk__gt=delivery.pk)
    return not later.exclude(verdict="").exists()


def _write(base: Path, delivery: Delivery) -> None:
    shelf = Shelf(base, delivery.account.pk.hex if delivery.account else "")
    shelf.make()
    answer = answer_of(delivery)
    draft = shelf.parts / secrets.token_hex(16)
    name = shelf.folder / delivery.file_name
    try:
        answer.write("annotated", draft)
        draft.replace(name.with_name(f"{name.name}.rapport.xlsx"))
        checked = report_json(answer.checked, find.layout(delivery.layout), "nl")
        document = {**show.document(delivery), "check": checked}
        draft.write_text(json.dumps(document, indent=2, ensure_ascii=False) + os.linesep, encoding="utf-8")
        draft.replace(name.with_name(f"{name.name}.rapport.json"))
    finally:
        draft.unlink(missing_ok=True)
