"""Sentences of the pages for words that are kept with a delivery."""

from typing import Any, Final

from django.utils.translation import gettext_lazy

from instroom.core.wording.catalogue import find_label, label
from instroom.doors.web.frame.language import current
from instroom.flow.delivery.states import TO_CHOOSE
from instroom.store.states import State

EVENTS: Final = {
    "received": gettext_lazy("delivered"),
    "training": gettext_lazy("checked"),
    "rejected": gettext_lazy("checked and rejected"),
    "trained": gettext_lazy("imported in training"),
    "approved": gettext_lazy("approved"),
    "refused": gettext_lazy("refused"),
    "withdrawn": gettext_lazy("withdrawn"),
    "superseded": gettext_lazy("superseded by a newer delivery"),
    "live-changed": gettext_lazy("back for approval, since live has changed"),
    "imported": gettext_lazy("imported in live"),
    "imported-unchanged": gettext_lazy("done without an approval, since nothing changed in live"),
    "undo-asked": gettext_lazy("undo requested"),
    "undone": gettext_lazy("undone"),
    "dossier-restored": gettext_lazy("one dossier of it restored"),
    "stands-again": gettext_lazy("in live again, since its undo was undone"),
    "failed": gettext_lazy("failed"),
    "retried": gettext_lazy("had it tried again"),
    "looked-up": gettext_lazy("looked up dossiers"),
    "dossier-seen": gettext_lazy("viewed a dossier"),
    "names-seen": gettext_lazy("viewed names of dossiers in the audit log"),
    "findings-seen": gettext_lazy("viewed findings with personal data"),
    "plan-seen": gettext_lazy("viewed the plan"),
    "plan-taken": gettext_lazy("downloaded the plan"),
    "answer-taken": gettext_lazy("downloaded a report"),
    "file-checked": gettext_lazy("had a file checked without delivering it"),
    "exported": gettext_lazy("exported dossiers"),
    "person-exported": gettext_lazy("exported all that is known of a person"),
    "person-erased": gettext_lazy("erased a person"),
    "merged": gettext_lazy("put the corrected records in the version before"),
    "held-fewer": gettext_lazy("imported in training, and held since it has fewer records than the version before"),
    "said-complete": gettext_lazy("said that the file is complete"),
    "held-erased": gettext_lazy("imported in training, and held since records name an erased person"),
    "erased-admitted": gettext_lazy("let records of an erased person in"),
    "audit-trimmed": gettext_lazy("deleted the oldest entries of the audit log"),
    "audit-exported": gettext_lazy("exported the audit log"),
    "refresh-asked": gettext_lazy("requested a refresh of training"),
    "training-refreshed": gettext_lazy("refreshed training"),
    "refresh-failed": gettext_lazy("refreshing training failed"),
    "values-removed": gettext_lazy("removed data past their retention"),
    "settings-changed": gettext_lazy("changed the settings"),
    "institute-changed": gettext_lazy("changed what the institute is called, or how it is reached"),
    "contact-changed": gettext_lazy("changed whom the customer asks for help"),
    "quota-changed": gettext_lazy("changed the disk quota, in bytes"),
    "closing-days-changed": gettext_lazy("changed the closing days"),
    "customer-added": gettext_lazy("added the customer"),
    "layout-added": gettext_lazy("added a layout"),
    "layout-removed": gettext_lazy("removed a layout"),
    "files-adopted": gettext_lazy("took over the kept files for this site"),
    "backup-made": gettext_lazy("made a backup of the site"),
    "backup-restored": gettext_lazy("restored the site from a backup"),
    "customer-move-begun": gettext_lazy("began to move the customer to another site"),
    "customer-move-cancelled": gettext_lazy("cancelled the move of the customer"),
    "customer-moved-away": gettext_lazy("moved the customer to another site"),
    "customer-taken-in": gettext_lazy("took the customer in from another site"),
    "customer-moved-here": gettext_lazy("moved the customer here from another site"),
    "site-operator-made": gettext_lazy("added a site operator"),
    "site-operator-ended": gettext_lazy("removed a site operator"),
    "signed-in": gettext_lazy("signed in"),
    "signed-out": gettext_lazy("signed out"),
    "sign-in-failed": gettext_lazy("failed to sign in"),
    "identity-linked": gettext_lazy("was linked to the sign-in provider"),
    "identity-unlinked": gettext_lazy("unlinked a user from the sign-in provider"),
    "user-by-provider": gettext_lazy("became a user through the sign-in provider"),
    "roles-by-groups": gettext_lazy("got other roles from groups of the sign-in provider"),
    "provider-refused": gettext_lazy("sign-in through the sign-in provider refused"),
    "provider-signed-out": gettext_lazy("signed out by the sign-in provider"),
    "provider-changed": gettext_lazy("changed the sign-in provider"),
    "provider-removed": gettext_lazy("removed the sign-in provider"),
    "code-failed": gettext_lazy("entered a wrong code"),
    "password-set": gettext_lazy("got a password at the command line"),
    "password-changed": gettext_lazy("changed the password"),
    "new-password-asked": gettext_lazy("requested a new password"),
    "password-set-by-mail": gettext_lazy("set a new password by mail"),
    "email-asked": gettext_lazy("entered another e-mail address"),
    "email-changed": gettext_lazy("changed the e-mail address"),
    "second-factor-on": gettext_lazy("turned the second factor on"),
    "second-factor-off": gettext_lazy("turned a second factor off"),
    "recovery-codes-made": gettext_lazy("made recovery codes"),
    "recovery-code-used": gettext_lazy("used a recovery code"),
    "invited": gettext_lazy("invited somebody"),
    "invitation-accepted": gettext_lazy("accepted an invitation"),
    "invitation-taken-back": gettext_lazy("withdrew an invitation"),
    "user-added": gettext_lazy("added a user"),
    "roles-changed": gettext_lazy("changed roles"),
    "mail-tried-again": gettext_lazy("had a mail sent again"),
    "session-ended": gettext_lazy("ended a session"),
    "sessions-ended": gettext_lazy("signed a user out everywhere"),
    "user-off": gettext_lazy("switched a user off"),
    "user-on": gettext_lazy("switched a user on"),
    "token-made": gettext_lazy("made a token for a program"),
    "token-ended": gettext_lazy("revoked a token"),
    "token-wrong": gettext_lazy("wrong token"),
    "keys-rotated": gettext_lazy("replaced the keys of encrypted data"),
    "account-made": gettext_lazy("made a file server account"),
    "account-changed": gettext_lazy("changed a file server account"),
    "account-removed": gettext_lazy("removed a file server account"),
    "left-file-delivered": gettext_lazy("delivered an upload left under a temporary name"),
    "left-file-deleted": gettext_lazy("deleted an upload left under a temporary name"),
    "account-banned": gettext_lazy("file server account temporarily blocked"),
    "account-bans-lifted": gettext_lazy("unblocked a file server account"),
    "taken": gettext_lazy("taken at its time"),
    "stale": gettext_lazy("same file as last time"),
    "unchanged": gettext_lazy("same file as last time, as is normal"),
    "renamed": gettext_lazy("renamed by its program"),
    "held": gettext_lazy("imported in training, and held"),
    "held-again": gettext_lazy("held after all, since a person has corrected a file of its connection"),
    "auto-approved": gettext_lazy("approved by the standing approval of its connection"),
    "plan-renewed": gettext_lazy("plan made anew, since live has changed"),
    "rescheduled": gettext_lazy("changed the time of the approval"),
    "commented": gettext_lazy("asked or said something"),
    "plan-asked": gettext_lazy("looked at a plan that live had passed"),
    "unapproved": gettext_lazy("took the approval back"),
    "approver-left": gettext_lazy("back for approval, since the approver may no longer approve"),
    "standing-lapsed": gettext_lazy("held after all, since the giver of the standing approval may no longer approve"),
    "standing-of-maker": gettext_lazy("held after all, since the giver of the standing approval delivered it"),
    "relaxation-proposed": gettext_lazy("proposed to relax safeguards"),
    "relaxation-confirmed": gettext_lazy("confirmed a proposal to relax safeguards"),
    "relaxation-refused": gettext_lazy("ended a proposal to relax safeguards"),
    "standing-ended": gettext_lazy("back for approval, since the standing approval has ended"),
    "connection-added": gettext_lazy("added a connection"),
    "connection-changed": gettext_lazy("changed a connection"),
    "connection-removed": gettext_lazy("removed a connection"),
    "connection-paused": gettext_lazy("paused a connection"),
    "connection-resumed": gettext_lazy("resumed a connection"),
    "webhook-added": gettext_lazy("added a webhook"),
    "webhook-changed": gettext_lazy("changed a webhook"),
    "webhook-paused": gettext_lazy("paused a webhook"),
    "webhook-resumed": gettext_lazy("resumed a webhook"),
    "webhook-removed": gettext_lazy("removed a webhook"),
    "webhook-secret-made": gettext_lazy("made a new secret for a webhook"),
    "webhook-tested": gettext_lazy("tested a webhook"),
    "webhook-call-repeated": gettext_lazy("sent a webhook message again"),
    "webhook-gone": gettext_lazy("a webhook was paused: its receiver is gone"),
    "file-late": gettext_lazy("the file of a connection is late"),
    "file-missing": gettext_lazy("the file of a connection is missing"),
}
"""All that the audit log may say, in words."""
_DECIDED_BY: Final = {
    "approved": gettext_lazy("Approved by"),
    "rescheduled": gettext_lazy("Time of the import chosen by"),
    "unapproved": gettext_lazy("Approval taken back by"),
    "refused": gettext_lazy("Refused by"),
    "withdrawn": gettext_lazy("Withdrawn by"),
}
LIST_GROUPS: Final = {
    "waiting": gettext_lazy("Waiting for approval"),
    TO_CHOOSE: gettext_lazy("Waiting for a choice"),
    "under-way": gettext_lazy("In progress"),
    "done": gettext_lazy("Done"),
    "not-done": gettext_lazy("Stopped"),
}
"""The groups of `flow.delivery.states`, and TO_CHOOSE, by which deliveries are listed."""
POLICIES: Final = {
    "blank": (
        gettext_lazy("When a cell is blank"),
        {"leave": gettext_lazy("Leave what is stored"), "clear": gettext_lazy("Clear what is stored")},
    ),
    "nothing_words": (
        gettext_lazy("A word for nothing, such as NULL or n.v.t."),
        {"keep": gettext_lazy("Keep it, with a warning"), "blank": gettext_lazy("Read it as blank")},
    ),
    "on_error": (
        gettext_lazy("When a record has an error"),
        {"whole": gettext_lazy("Import nothing"), "skip": gettext_lazy("Leave that record out")},
    ),
}
"""What a policy asks, and what each of its values answers."""
MONTH_DAYS: Final = {
    "first-workday": gettext_lazy("the first workday"),
    "last-workday": gettext_lazy("the last workday"),
    "last": gettext_lazy("the last day"),
}
UNDONE: Final = {"new": gettext_lazy("brought back"), "changed": gettext_lazy("restored")}
"""What a plan does, as the plan of an undo says it."""
OUTCOMES: Final = {
    "imported": gettext_lazy("in live"),
    "open": gettext_lazy("not done yet"),
    "rejected": gettext_lazy("rejected"),
    "stopped": gettext_lazy("refused, withdrawn or superseded"),
    "failed": gettext_lazy("failed"),
}
STEPS: Final[dict[str, Any]] = {
    State.CHECKING: gettext_lazy("Check"),
    State.TRAINING: gettext_lazy("Import in training, and the plan"),
    State.IMPORTING: gettext_lazy("Importing into live"),
}


def reason_sentence(reason: str) -> str:
    """Why a delivery is in its state: a word of ours as a sentence, or what the person who refused it wrote."""
    return find_label("reason", reason, current()) or reason


def decided_by(action: str) -> str:
    """A decision, before the name of who took it."""
    return str(_DECIDED_BY[action])


def event_word(action: str) -> str:
    """What was done, as the list of what happened says it."""
    return str(EVENTS.get(action, action))


def difference_word(word: str) -> str:
    """How a dossier's change in the plan that waits differs from the one in the approved plan (D5)."""
    return label("plan-change", word, current())
