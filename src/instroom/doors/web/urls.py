"""All addresses of the web. Each has its name in the test of who may go where (tests/doors/web/test_routes.py)."""

from django.urls import path

from instroom.doors.web.connections import form as connection_form
from instroom.doors.web.connections import views as connections
from instroom.doors.web.deliveries import (
    answer_files,
    decisions,
    deliver,
    delivery,
    delivery_list,
    home,
    plan,
    plan_differences,
    template_files,
    undo,
)
from instroom.doors.web.dossiers import views as dossiers
from instroom.doors.web.file_accounts import left_files as left
from instroom.doors.web.file_accounts import views as file_accounts
from instroom.doors.web.frame import failures, language
from instroom.doors.web.operator import audit_log, customer_settings, mails, overview, training
from instroom.doors.web.people import (
    account,
    api_tokens,
    forgotten,
    invitations,
    organisation,
    second_factor,
    sign_in,
    users,
)
from instroom.doors.web.safeguards import views as safeguards
from instroom.doors.web.webhooks import form as webhook_form
from instroom.doors.web.webhooks import views as webhooks

_OF_CUSTOMER = "customers/<slug:customer>"
_OF_DELIVERY = f"{_OF_CUSTOMER}/deliveries/<uuid:delivery_id>"
_OF_DOSSIER = f"{_OF_CUSTOMER}/<slug:environment>"

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-in/code", sign_in.code, name="sign-in-code"),
    path("sign-in/organisation", organisation.organisation, name="organisation"),
    path("sign-in/with/<slug:customer>", organisation.depart, name="provider"),
    path("sign-in/with/<slug:customer>/back", organisation.arrive, name="provider-answer"),
    path("sign-in/with/<slug:customer>/link", organisation.link, name="provider-link"),
    path("sign-in/with/<slug:customer>/signed-out", organisation.signed_out, name="provider-sign-out"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("language", language.choose, name="language"),
    path("forgotten", forgotten.forgotten, name="forgotten"),
    path("new-password/<uuid:user_id>/<slug:token>", forgotten.new_password, name="new-password"),
    path("invitations/<slug:word>", invitations.invitation, name="invitation"),
    path("invitations/<slug:word>/organisation", organisation.accept, name="invitation-provider"),
    path("account", account.account, name="account"),
    path("account/language", account.change_language, name="account-language"),
    path("account/email", account.change_email, name="account-email"),
    path("account/email/<slug:token>", account.confirm_email, name="new-email"),
    path("account/password", account.change_password, name="account-password"),
    path("account/sessions/end", account.end_session, name="session-end"),
    path("account/second-factor", second_factor.set_up, name="second-factor"),
    path("account/second-factor.svg", second_factor.picture, name="second-factor-picture"),
    path("account/second-factor/remove", second_factor.remove, name="second-factor-remove"),
    path("account/second-factor/codes", second_factor.renew, name="recovery-codes"),
    path("account/programs", api_tokens.api_tokens, name="api-tokens"),
    path("account/programs/<uuid:token_id>/end", api_tokens.end, name="api-token-end"),
    path("operator", overview.overview, name="operator"),
    path("operator/deliveries", overview.deliveries, name="operator-deliveries"),
    path("operator/audit", audit_log.site_log, name="site-audit"),
    path("operator/audit.csv", audit_log.site_file, name="site-audit-file"),
    path("operator/customers/add", overview.add_customer, name="add-customer"),
    path(_OF_CUSTOMER, home.customer, name="customer"),
    path(f"{_OF_CUSTOMER}/settings", customer_settings.settings, name="settings"),
    path(f"{_OF_CUSTOMER}/proposals", safeguards.proposals, name="proposals"),
    path(f"{_OF_CUSTOMER}/proposals/<uuid:proposal_id>/confirm", safeguards.confirm, name="proposal-confirm"),
    path(f"{_OF_CUSTOMER}/proposals/<uuid:proposal_id>/refuse", safeguards.refuse, name="proposal-refuse"),
    path(f"{_OF_CUSTOMER}/refresh", training.refresh, name="refresh"),
    path(f"{_OF_CUSTOMER}/audit", audit_log.audit_log, name="audit"),
    path(f"{_OF_CUSTOMER}/audit.csv", audit_log.audit_file, name="audit-file"),
    path(f"{_OF_CUSTOMER}/connections", connections.connections, name="connections"),
    path(f"{_OF_CUSTOMER}/connections/<slug:name>", connections.connection, name="connection"),
    path(f"{_OF_CUSTOMER}/connections/<slug:name>/change", connection_form.change, name="connection-change"),
    path(f"{_OF_CUSTOMER}/connections/<slug:name>/remove", connections.remove_connection, name="connection-remove"),
    path(f"{_OF_CUSTOMER}/connections/removed/<uuid:connection_id>", connections.removed, name="removed-connection"),
    path(f"{_OF_CUSTOMER}/connections/<slug:name>/pause", connections.pause, name="connection-pause"),
    path(f"{_OF_CUSTOMER}/connections/<slug:name>/resume", connections.resume, name="connection-resume"),
    path(f"{_OF_CUSTOMER}/add-connection", connection_form.add, name="connection-add"),
    path(f"{_OF_CUSTOMER}/webhooks", webhooks.webhooks, name="webhooks"),
    path(f"{_OF_CUSTOMER}/webhooks/<slug:name>", webhooks.webhook, name="webhook"),
    path(f"{_OF_CUSTOMER}/webhooks/<slug:name>/change", webhook_form.change, name="webhook-change"),
    path(f"{_OF_CUSTOMER}/webhooks/<slug:name>/test", webhooks.test, name="webhook-test"),
    path(f"{_OF_CUSTOMER}/webhooks/<slug:name>/pause", webhooks.pause, name="webhook-pause"),
    path(f"{_OF_CUSTOMER}/webhooks/<slug:name>/resume", webhooks.resume, name="webhook-resume"),
    path(f"{_OF_CUSTOMER}/webhooks/<slug:name>/secret", webhooks.secret, name="webhook-secret"),
    path(f"{_OF_CUSTOMER}/webhooks/<slug:name>/remove", webhooks.remove, name="webhook-remove"),
    path(f"{_OF_CUSTOMER}/webhooks/<slug:name>/calls/<uuid:call_id>", webhooks.call, name="webhook-call"),
    path(f"{_OF_CUSTOMER}/webhooks/<slug:name>/calls/<uuid:call_id>/again", webhooks.again, name="webhook-again"),
    path(f"{_OF_CUSTOMER}/add-webhook", webhook_form.add, name="webhook-add"),
    path(f"{_OF_CUSTOMER}/next-times", connection_form.next_times, name="next-times"),
    path(f"{_OF_CUSTOMER}/accounts", file_accounts.file_accounts, name="file-accounts"),
    path(f"{_OF_CUSTOMER}/add-account", file_accounts.add, name="file-account-add"),
    path(f"{_OF_CUSTOMER}/accounts/<str:name>", file_accounts.file_account, name="file-account"),
    path(f"{_OF_CUSTOMER}/accounts/<str:name>/change", file_accounts.change, name="file-account-change"),
    path(f"{_OF_CUSTOMER}/accounts/<str:name>/remove", file_accounts.remove_account, name="file-account-remove"),
    path(f"{_OF_CUSTOMER}/accounts/<str:name>/password", file_accounts.password, name="file-account-password"),
    path(f"{_OF_CUSTOMER}/accounts/<str:name>/left/<uuid:file_id>/deliver", left.deliver, name="left-file-deliver"),
    path(f"{_OF_CUSTOMER}/accounts/<str:name>/left/<uuid:file_id>/delete", left.delete, name="left-file-delete"),
    path(f"{_OF_CUSTOMER}/accounts/<str:name>/unban", file_accounts.unban, name="file-account-unban"),
    path(f"{_OF_CUSTOMER}/templates", template_files.templates, name="templates"),
    path(f"{_OF_CUSTOMER}/templates/<slug:content>.<slug:form>", template_files.template, name="template"),
    path(f"{_OF_CUSTOMER}/users", users.users, name="users"),
    path(f"{_OF_CUSTOMER}/users/invite", users.invite, name="invite"),
    path(f"{_OF_CUSTOMER}/users/<uuid:user_id>", users.user, name="user"),
    path(f"{_OF_CUSTOMER}/users/<uuid:user_id>/switch", users.switch, name="user-switch"),
    path(f"{_OF_CUSTOMER}/users/<uuid:user_id>/tokens/<uuid:token_id>/end", users.end_token, name="user-token-end"),
    path(f"{_OF_CUSTOMER}/users/<uuid:user_id>/sign-out", users.sign_out, name="user-sign-out"),
    path(f"{_OF_CUSTOMER}/invitations/<uuid:invitation_id>/end", users.cancel_invitation, name="invitation-end"),
    path(f"{_OF_CUSTOMER}/invitations/<uuid:invitation_id>/again", users.send_again, name="invitation-again"),
    path(f"{_OF_CUSTOMER}/mails", mails.mails, name="mails"),
    path(f"{_OF_CUSTOMER}/mails/<uuid:mail_id>", mails.mail, name="mail"),
    path(f"{_OF_CUSTOMER}/mails/<uuid:mail_id>/html", mails.mail_html, name="mail-html"),
    path(f"{_OF_CUSTOMER}/mails/<uuid:mail_id>/again", mails.mail_again, name="mail-again"),
    path(f"{_OF_CUSTOMER}/deliver", deliver.deliver, name="deliver"),
    path(f"{_OF_CUSTOMER}/deliveries", delivery_list.deliveries, name="deliveries"),
    path(_OF_DELIVERY, delivery.delivery, name="delivery"),
    path(f"{_OF_DELIVERY}/progress", delivery.progress, name="progress"),
    path(f"{_OF_DELIVERY}/files", answer_files.answer_files, name="answer-files"),
    path(f"{_OF_DELIVERY}/correct", deliver.correct, name="correct"),
    path(f"{_OF_DELIVERY}/differences", plan_differences.plan_differences, name="differences"),
    path(f"{_OF_DELIVERY}/files/<slug:kind>", answer_files.answer_file, name="answer-file"),
    path(f"{_OF_DELIVERY}/plan", plan.plan, name="plan"),
    path(f"{_OF_DELIVERY}/approve", decisions.approve, name="approve"),
    path(f"{_OF_DELIVERY}/reschedule", decisions.reschedule, name="reschedule"),
    path(f"{_OF_DELIVERY}/unapprove", decisions.unapprove, name="unapprove"),
    path(f"{_OF_DELIVERY}/refuse", decisions.refuse, name="refuse"),
    path(f"{_OF_DELIVERY}/withdraw", decisions.withdraw, name="withdraw"),
    path(f"{_OF_DELIVERY}/admit-erased", decisions.admit, name="admit-erased"),
    path(f"{_OF_DELIVERY}/take", decisions.take, name="take"),
    path(f"{_OF_DELIVERY}/undo", undo.undo_delivery, name="undo"),
    path(f"{_OF_CUSTOMER}/<slug:environment>/search", dossiers.search, name="search"),
    path(f"{_OF_DOSSIER}/company/<uuid:dossier_id>", dossiers.dossier_page, {"kind": "company"}, name="company"),
    path(f"{_OF_DOSSIER}/person/<uuid:dossier_id>", dossiers.dossier_page, {"kind": "person"}, name="person"),
    path(f"{_OF_DOSSIER}/person/<uuid:dossier_id>/all.<slug:form>", dossiers.person_file, name="person-file"),
    path(f"{_OF_DOSSIER}/person/<uuid:dossier_id>/erase", dossiers.erase_person, name="person-erase"),
]

handler400 = failures.bad_request
handler403 = failures.forbidden
handler404 = failures.not_found
handler500 = failures.broken
