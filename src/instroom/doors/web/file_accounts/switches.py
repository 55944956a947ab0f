"""Where an operator changes what a failed attempt at the file server is about."""

from typing import Final

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from instroom.core.wording.catalogue import label
from instroom.doors.web.frame.language import current
from instroom.flow.file_server.failed_attempts import SETTINGS
from instroom.store.models import FailedAttempt

_SWITCHES: Final = {
    "password": ("another", gettext_lazy("Set another password")),
    "name": ("name", gettext_lazy("Name")),
    "unban": ("bans", gettext_lazy("Unblock")),
    "active": ("active", gettext_lazy("May sign in")),
    "plain_ftp": ("plain_ftp", gettext_lazy("May also sign in without TLS")),
    "tls_resumption": ("tls_resumption", gettext_lazy("Data connections must resume TLS")),
    "allow_missing_close_notify": (
        "allow_missing_close_notify",
        gettext_lazy("May close connections without TLS close_notify"),
    ),
}
"""Setting of an account → where it stands on the account's page, and what it is called there."""
RESUMPTIONS: Final = {
    "learned": gettext_lazy("Once its program has done it 20 times in a row"),
    "always": gettext_lazy("Always"),
    "never": gettext_lazy("Never"),
}


def failed_attempt(cause: str) -> str:
    """What failed, in a sentence."""
    return label("failed-attempt", cause, current())


def failed_attempt_switch(attempt: FailedAttempt, customer: str) -> SafeString | str:
    """A link to the switch on the account's page; of a setting of the site its name."""
    setting = SETTINGS.get(attempt.cause, "")
    if attempt.account.removed_at:
        return ""
    if setting in _SWITCHES:
        place, title = _SWITCHES[setting]
        page = reverse("file-account", args=[customer, attempt.account.name])
        return format_html('<a href="{}#{}">{}</a>', page, place, title)
    return format_html("<span class='soft'>{} <code>{}</code></span>", _("Setting:"), setting) if setting else ""
