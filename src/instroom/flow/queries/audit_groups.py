"""The actions of the audit log, in the groups by which people ask for them."""

from typing import Final

GROUPS: Final[dict[str, frozenset[str]]] = {
    "approval": frozenset(
        {
            *("approved", "refused", "withdrawn", "rescheduled", "unapproved", "auto-approved", "approver-left"),
            *(
                "live-changed",
                "plan-asked",
                "plan-renewed",
                "commented",
                "held",
                "held-again",
                "held-fewer",
                "held-erased",
                "said-complete",
            ),
            *("erased-admitted", "standing-ended", "standing-lapsed", "standing-of-maker"),
        }
    ),
    "delivering": frozenset(
        {
            *("received", "training", "rejected", "trained", "merged", "superseded", "imported", "failed", "retried"),
            *("undo-asked", "undone", "dossier-restored", "stands-again", "taken", "stale", "unchanged", "renamed"),
            *("file-late", "file-missing", "file-checked", "imported-unchanged"),
        }
    ),
    "sights": frozenset(
        {
            *("dossier-seen", "looked-up", "names-seen", "plan-seen", "plan-taken", "findings-seen"),
            *("answer-taken", "exported", "person-exported", "audit-exported"),
        }
    ),
    "settings": frozenset(
        {
            *("settings-changed", "quota-changed", "closing-days-changed", "customer-added"),
            *("contact-changed", "institute-changed"),
            *("layout-added", "layout-removed", "connection-added", "connection-changed", "connection-removed"),
            *("connection-paused", "connection-resumed", "provider-changed", "provider-removed"),
            *("relaxation-proposed", "relaxation-confirmed", "relaxation-refused"),
            *("webhook-added", "webhook-changed", "webhook-paused", "webhook-resumed", "webhook-removed"),
            *("webhook-secret-made", "webhook-tested", "webhook-call-repeated", "webhook-gone"),
        }
    ),
    "people": frozenset(
        {
            *("invited", "invitation-accepted", "invitation-taken-back", "user-added", "user-by-provider"),
            *("user-off", "user-on", "roles-changed", "roles-by-groups", "identity-linked", "identity-unlinked"),
            *("site-operator-made", "site-operator-ended", "token-made", "token-ended", "mail-tried-again"),
        }
    ),
    "signing-in": frozenset(
        {
            *("signed-in", "signed-out", "sign-in-failed", "code-failed", "token-wrong", "provider-refused"),
            *("provider-signed-out", "session-ended", "sessions-ended", "password-set", "password-changed"),
            *("new-password-asked", "password-set-by-mail", "email-asked", "email-changed"),
            *("second-factor-on", "second-factor-off", "recovery-codes-made", "recovery-code-used"),
        }
    ),
    "file-server": frozenset(
        {
            *("account-made", "account-changed", "account-removed", "account-banned", "account-bans-lifted"),
            *("left-file-delivered", "left-file-deleted"),
        }
    ),
    "upkeep": frozenset(
        {
            *("person-erased", "values-removed", "audit-trimmed", "refresh-asked", "training-refreshed"),
            *("refresh-failed", "keys-rotated", "files-adopted", "backup-made", "backup-restored"),
            *("customer-move-begun", "customer-move-cancelled", "customer-moved-away", "customer-taken-in"),
            "customer-moved-here",
        }
    ),
}
"""Each action is in one of them."""
