"""All addresses of the web. Each has its name in the test of who may go where (tests/doors/web/test_routes.py)."""

from django.urls import path

from instroom.doors.web import (
    answer_files,
    decisions,
    deliver,
    deliveries,
    delivery,
    dossiers,
    failures,
    home,
    language,
    moved,
    plan,
    sign_in,
    template_files,
)

_OF_CUSTOMER = "customers/<slug:customer>"
_OF_DELIVERY = f"{_OF_CUSTOMER}/deliveries/<uuid:delivery_id>"

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("language", language.choose, name="language"),
    path(_OF_CUSTOMER, home.customer, name="customer"),
    path(f"{_OF_CUSTOMER}/templates", template_files.templates, name="templates"),
    path(f"{_OF_CUSTOMER}/templates/<slug:content>.<slug:form>", template_files.template, name="template"),
    path(f"{_OF_CUSTOMER}/deliver", deliver.deliver, name="deliver"),
    path(f"{_OF_CUSTOMER}/deliveries", deliveries.deliveries, name="deliveries"),
    path(_OF_DELIVERY, delivery.delivery, name="delivery"),
    path(f"{_OF_DELIVERY}/progress", delivery.progress, name="progress"),
    path(f"{_OF_DELIVERY}/mend", deliver.mend, name="mend"),
    path(f"{_OF_DELIVERY}/moved", moved.moved, name="moved"),
    path(f"{_OF_DELIVERY}/files/<slug:kind>", answer_files.answer_file, name="answer-file"),
    path(f"{_OF_DELIVERY}/plan", plan.plan, name="plan"),
    path(f"{_OF_DELIVERY}/approve", decisions.approve, name="approve"),
    path(f"{_OF_DELIVERY}/refuse", decisions.refuse, name="refuse"),
    path(f"{_OF_DELIVERY}/withdraw", decisions.withdraw, name="withdraw"),
    path(f"{_OF_CUSTOMER}/<slug:environment>/search", dossiers.search, name="search"),
    path(f"{_OF_CUSTOMER}/<slug:environment>/company", dossiers.dossier_page, {"kind": "company"}, name="company"),
    path(f"{_OF_CUSTOMER}/<slug:environment>/person", dossiers.dossier_page, {"kind": "person"}, name="person"),
]

handler400 = failures.bad_request
handler403 = failures.forbidden
handler404 = failures.not_found
handler500 = failures.broken
