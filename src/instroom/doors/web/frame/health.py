"""`/healthz`: whether this node can do its work. Asked by machines, under whatever host name."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase

PATH = "/healthz"
_TEXT = "text/plain; charset=utf-8"
Respond = Callable[[HttpRequest], HttpResponseBase]


def answer_health(respond: Respond) -> Respond:
    """Middleware that answers PATH itself, before anything that needs a session or a known host: 200 when the database
    answers, else 503."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        if request.path != PATH:
            return respond(request)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            return HttpResponse("no database\n", status=503, content_type=_TEXT)
        return HttpResponse("ok\n", content_type=_TEXT)

    return answered
