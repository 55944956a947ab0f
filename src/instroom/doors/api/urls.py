"""The addresses of the API, under /api/v1/."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path

from instroom.doors.api.application import api
from instroom.doors.api.openapi import document_view

_patterns, _app, _namespace = api.urls


def _for_tokens(pattern: URLPattern | URLResolver) -> URLPattern | URLResolver:
    """Behind a token, so not behind the sign-in of the web pages."""
    if isinstance(pattern, URLPattern):
        login_not_required(pattern.callback)
    return pattern


urlpatterns = [
    path("openapi.json", login_not_required(document_view), name="openapi"),
    path("", include(([_for_tokens(one) for one in _patterns], _app), namespace=_namespace)),
]
