"""Every address of the web, and who may go there: `test_routes.py` fails on one that is not here."""

from typing import NamedTuple

from instroom.store.models import Role

EVERYBODY = frozenset(Role.NAMES)
LOOKING_UP = EVERYBODY - {"supplier"}
SUPPLIERS = frozenset({"operator", "supplier"})
APPROVERS = frozenset({"operator", "approver"})
OPERATORS = frozenset({"operator"})
NOTHING = "0193e7a0-0000-7000-8000-00000000000b"
REMOVED = "0193e7a0-0000-7000-8000-00000000000c"


class Route(NamedTuple):
    """An address of a customer: how it is asked, by whom, and what they get."""

    allowed: frozenset[str]
    arguments: dict[str, str] = {}
    query: str = ""
    post: dict[str, str] | None = None
    of_delivery: bool = False
    of: str = ""  # another thing of the customer: the name of its argument, or the kind of a dossier
    gives: int = 200
    page: bool = True  # else a file, or a part of a page


OF_A_CUSTOMER = {
    "customer": Route(EVERYBODY),
    "templates": Route(EVERYBODY),
    "template": Route(EVERYBODY, {"content": "empty", "form": "csv"}, page=False),
    "deliver": Route(SUPPLIERS),
    "check": Route(SUPPLIERS),
    "deliveries": Route(EVERYBODY),
    "delivery": Route(EVERYBODY, of_delivery=True),
    "progress": Route(EVERYBODY, of_delivery=True, page=False),
    "correct": Route(SUPPLIERS, of_delivery=True),
    "differences": Route(EVERYBODY, of_delivery=True, gives=302),
    "answer-files": Route(EVERYBODY, of_delivery=True, page=False),
    "answer-file": Route(EVERYBODY, {"kind": "report"}, of_delivery=True, page=False),
    "plan": Route(EVERYBODY, of_delivery=True),
    "plan-file": Route(EVERYBODY, of_delivery=True, page=False),
    "absent": Route(LOOKING_UP, of_delivery=True),
    "report": Route(EVERYBODY, of_delivery=True),
    "plan-report": Route(EVERYBODY, of_delivery=True),
    "approve": Route(APPROVERS, post={}, of_delivery=True, gives=302),
    "reschedule": Route(APPROVERS, post={}, of_delivery=True, gives=302),
    "comment": Route(OPERATORS | {"supplier", "approver"}, post={"text": ""}, of_delivery=True, gives=302),
    "unapprove": Route(APPROVERS, post={}, of_delivery=True, gives=302),
    "refuse": Route(APPROVERS, post={"reason": ""}, of_delivery=True, gives=302),
    "withdraw": Route(SUPPLIERS, post={}, of_delivery=True, gives=302),
    "users": Route(OPERATORS),
    "invite": Route(OPERATORS, post={}, gives=400),
    "user": Route(OPERATORS, of="user_id"),
    "user-switch": Route(OPERATORS, post={}, of="user_id", gives=302),
    "user-sign-out": Route(OPERATORS, post={}, of="user_id", gives=302),
    "invitation-end": Route(OPERATORS, post={}, of="invitation_id", gives=302),
    "invitation-again": Route(OPERATORS, post={}, of="invitation_id", gives=302),
    "provider-settings": Route(OPERATORS),
    "provider-remove": Route(OPERATORS, post={}, gives=302),
    "mails": Route(OPERATORS),
    "mail": Route(OPERATORS, of="mail_id"),
    "mail-html": Route(OPERATORS, of="mail_id", page=False),
    "mail-again": Route(OPERATORS, post={}, of="mail_id", gives=302),
    "admit-erased": Route(OPERATORS, post={}, of_delivery=True, gives=302),
    "confirm-complete": Route(SUPPLIERS, post={}, of_delivery=True, gives=302),
    "deliver-alone": Route(SUPPLIERS, post={}, of_delivery=True, gives=302),
    "take": Route(SUPPLIERS, post={}, of_delivery=True, gives=302),
    "proposals": Route(APPROVERS),
    "proposal-confirm": Route(APPROVERS, {"proposal_id": NOTHING}, post={}, gives=404, page=False),
    "proposal-refuse": Route(APPROVERS, {"proposal_id": NOTHING}, post={}, gives=404, page=False),
    "connections": Route(EVERYBODY),
    "connection": Route(EVERYBODY, {"name": "nacht"}),
    "connection-change": Route(OPERATORS, {"name": "nacht"}),
    "connection-pause": Route(OPERATORS, {"name": "nacht"}, post={}, gives=302),
    "connection-remove": Route(OPERATORS, {"name": "nacht"}, post={}, gives=302),
    "removed-connection": Route(EVERYBODY, {"connection_id": REMOVED}),
    "connection-resume": Route(OPERATORS, {"name": "nacht"}, post={}, gives=302),
    "connection-add": Route(OPERATORS),
    "file-accounts": Route(OPERATORS),
    "file-account": Route(OPERATORS, {"name": "hr"}),
    "file-account-add": Route(OPERATORS),
    "file-account-change": Route(OPERATORS, {"name": "hr"}, post={}, gives=302),
    "file-account-remove": Route(OPERATORS, {"name": "hr"}, post={}, gives=302),
    "file-account-password": Route(OPERATORS, {"name": "hr"}, post={"password": "kort"}, gives=400),
    "left-file-deliver": Route(OPERATORS, {"name": "hr", "file_id": NOTHING}, post={}, gives=404, page=False),
    "left-file-delete": Route(OPERATORS, {"name": "hr", "file_id": NOTHING}, post={}, gives=404, page=False),
    "file-account-unban": Route(OPERATORS, {"name": "hr"}, post={}, gives=302),
    "webhooks": Route(SUPPLIERS),
    "webhook": Route(SUPPLIERS, {"name": "crm"}),
    "webhook-add": Route(OPERATORS),
    "webhook-change": Route(OPERATORS, {"name": "crm"}),
    "webhook-test": Route(OPERATORS, {"name": "crm"}, post={}, gives=302),
    "webhook-pause": Route(OPERATORS, {"name": "crm"}, post={}, gives=302),
    "webhook-resume": Route(OPERATORS, {"name": "crm"}, post={}, gives=302),
    "webhook-secret": Route(OPERATORS, {"name": "crm"}, post={}),
    "webhook-remove": Route(OPERATORS, {"name": "crm"}, post={}, gives=302),
    "webhook-call": Route(SUPPLIERS, {"name": "crm"}, of="call_id"),
    "webhook-again": Route(OPERATORS, {"name": "crm"}, post={}, of="call_id", gives=302),
    "next-times": Route(OPERATORS, query="?kind=daily&at=01:00&zone=Europe/Amsterdam", page=False),
    "settings": Route(OPERATORS),
    "onboarding": Route(OPERATORS),
    "contact": Route(OPERATORS),
    "retention": Route(OPERATORS),
    "refresh": Route(OPERATORS),
    "audit": Route(OPERATORS),
    "audit-file": Route(OPERATORS, page=False),
    "retry": Route(OPERATORS, post={}, of_delivery=True, gives=302),
    "undo": Route(APPROVERS, post={}, of_delivery=True, gives=302),
    "restore-dossier": Route(
        APPROVERS, {"kind": "person", "dossier_id": NOTHING}, post={}, of_delivery=True, gives=302
    ),
    "search": Route(LOOKING_UP, {"environment": "live"}),
    "company": Route(LOOKING_UP, {"environment": "training"}, of="company"),
    "person": Route(LOOKING_UP, {"environment": "training"}, of="person"),
    "person-file": Route(OPERATORS, {"environment": "training", "form": "html"}, of="person", page=False),
    "person-erase": Route(OPERATORS, {"environment": "training"}, post={}, of="person", gives=302),
}
FOR_WHO_IS_SIGNED_IN = {
    "home",
    "sign-out",
    "account",
    "account-language",
    "account-name",
    "account-email",
    "account-password",
    "session",
    "session-end",
    "unsent",
    "second-factor",
    "second-factor-picture",
    "second-factor-remove",
    "recovery-codes",
    "api-tokens",
}
OF_ONE_PERSON = {"api-token-end", "user-token-end"}  # tried in test_api_tokens.py
OF_ALL_CUSTOMERS = {"operator", "operator-deliveries", "operator-figures"}
FOR_SITE_OPERATORS = {"add-customer", "institute", "site-audit"}
FILES_FOR_SITE_OPERATORS = {"site-audit-file"}
OF_ONES_OWN_MAILBOX = {"new-email"}  # tried in test_accounts.py
FOR_ANYBODY = {"logo", "sign-in", "language", "sign-in-code", "forgotten", "new-password", "invitation", "organisation"}
HELP = {"help", "guide", "finding-help"}  # tried in test_help.py
OF_AN_ORGANISATION = {  # tried in test_organisation.py
    "provider",
    "provider-answer",
    "provider-link",
    "provider-sign-out",
    "invitation-provider",
}
