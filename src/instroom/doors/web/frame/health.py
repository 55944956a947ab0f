"""What machines ask, under whatever host name: `/healthz`, `/readyz` and `/metrics`.

How each is to be used: docs/how-to/monitor.md.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.crypto import constant_time_compare

from instroom.doors.web.frame.metrics import CONTENT_TYPE, metrics_text
from instroom.doors.web.frame.recent import RecentAnswer
from instroom.flow.queries.readiness import Readiness, readiness

_TEXT: Final = "text/plain; charset=utf-8"
_AGAIN: Final = {"Retry-After": "10"}  # seconds
_SECONDS: Final = 5.0  # that an answer is given again
READINESS: Final = RecentAnswer(readiness, _SECONDS)
METRICS: Final = RecentAnswer(metrics_text, _SECONDS)
Respond = Callable[[HttpRequest], HttpResponseBase]


def answer_health(respond: Respond) -> Respond:
    """Middleware that answers machines itself, before anything that needs a session or a known host."""
    answers = {"/healthz": _health, "/readyz": _ready, "/metrics": _metrics}

    def answered(request: HttpRequest) -> HttpResponseBase:
        answer = answers.get(request.path)
        return answer(request) if answer else respond(request)

    return answered


def _health(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("no database\n", status=503, headers=_AGAIN, content_type=_TEXT)
    return HttpResponse("ok\n", content_type=_TEXT)


def _ready(request: HttpRequest) -> HttpResponse:
    """200 when this node can do its work, else 503. Who has the token of metrics is told what was found, and everybody
    else the names of what fails."""
    found = READINESS.get() or Readiness({"answer": "late"}, None)
    failing = found.failing
    told: dict[str, object] = {"ready": not failing, "failing": failing}
    if _has_token(request):
        told["checks"] = found.checks
        if found.turns:
            oldest = round(found.turns.oldest_due)
            told["site"] = {"workers": found.turns.workers, "oldest_due_seconds": oldest}
    return JsonResponse(told, status=503 if failing else 200, headers=_AGAIN if failing else {})


def _metrics(request: HttpRequest) -> HttpResponse:
    """For who has the token alone."""
    if not settings.INSTROOM_METRICS_TOKEN:
        return HttpResponse("INSTROOM_METRICS_TOKEN is not set\n", status=404, content_type=_TEXT)
    if not _has_token(request):
        said, headers = "this takes the token of INSTROOM_METRICS_TOKEN\n", {"WWW-Authenticate": "Bearer"}
        return HttpResponse(said, status=401, headers=headers, content_type=_TEXT)
    text = METRICS.get()
    if text is None:
        return HttpResponse("not measured in time\n", status=503, headers=_AGAIN, content_type=_TEXT)
    return HttpResponse(text, content_type=CONTENT_TYPE)


def _has_token(request: HttpRequest) -> bool:
    """Whether it is asked by who has INSTROOM_METRICS_TOKEN. A proxy on this machine makes everybody's address that of
    the machine itself: an address proves nothing."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    chosen = settings.INSTROOM_METRICS_TOKEN
    return bool(chosen) and kind.lower() == "bearer" and constant_time_compare(token.strip(), chosen)
