"""What the pages call the events of webhooks, and how calls go."""

from http import HTTPStatus
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from instroom.store.models import WebhookAttempt

EVENTS: Final = {
    "delivery.received": gettext_lazy("A file has come in"),
    "delivery.rejected": gettext_lazy("A delivery is rejected, or is the same file as last time"),
    "delivery.awaiting_approval": gettext_lazy("A plan waits for approval"),
    "delivery.held": gettext_lazy("A delivery is held"),
    "delivery.imported": gettext_lazy("A delivery is imported in live"),
    "delivery.refused": gettext_lazy("A delivery is refused"),
    "delivery.failed": gettext_lazy("A delivery has failed"),
    "delivery.superseded": gettext_lazy("A delivery is superseded by a newer one"),
    "delivery.withdrawn": gettext_lazy("A delivery is withdrawn"),
    "delivery.undone": gettext_lazy("A delivery is undone in live"),
    "connection.late": gettext_lazy("The file of a connection is late"),
    "connection.missing": gettext_lazy("The file of a connection is missing"),
    "connection.over": gettext_lazy("A file that was late or missing has arrived"),
    "ping": gettext_lazy("A test message"),
}
_FAILURES: Final = {
    "forbidden": gettext_lazy("Webhooks may not be sent to this address"),
    "no-host": gettext_lazy("Host not found"),
    "timeout": gettext_lazy("No response in time"),
    "tls": gettext_lazy("The TLS connection failed. Check the certificate of the receiver"),
    "broken-off": gettext_lazy("The receiver closed the connection"),
    "no-http": gettext_lazy("The response was not valid HTTP"),
    "unreachable": gettext_lazy("The receiver cannot be reached"),
    "no-secret": gettext_lazy("The secret cannot be read. Create a new one"),
}


def event_title(event: str) -> str:
    return str(EVENTS.get(event, event))


def came_of(attempt: WebhookAttempt) -> str:
    """What came of an attempt: a failure in words, or the status of the answer with its usual name."""
    if attempt.status is None:
        return str(_FAILURES.get(attempt.failure, attempt.failure))
    name = HTTPStatus(attempt.status).phrase if attempt.status in list(HTTPStatus) else ""
    return _("Response %(status)s") % {"status": f"{attempt.status} {name}".strip()}
