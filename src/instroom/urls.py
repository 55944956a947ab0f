"""All addresses: the pages of the web and the API. With `serve`, the only module that knows several doors."""

from django.urls import include, path

from instroom.doors.web.urls import handler400, handler403, handler404, handler500
from instroom.doors.web.urls import urlpatterns as pages

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*pages, path("api/v1/", include("instroom.doors.api.urls"))]
