"""The models of all tables, by subject."""

from instroom.store.models.audit import AuditEntry, AuditHead
from instroom.store.models.comments import Comment
from instroom.store.models.connections import Connection, ConnectionRun
from instroom.store.models.customers import Customer, Environment, Role, User
from instroom.store.models.deliveries import Delivery, DeliverySource, Plan, StoredChange
from instroom.store.models.dossiers import Category, Company, Dossier, Person, column_name
from instroom.store.models.erasures import Erasure
from instroom.store.models.file_server import AccountManager, FailedAttempt, FileAccount, KnownAddress
from instroom.store.models.findings import FindingChunk, KeptFindings
from instroom.store.models.keys import DataKey, PersonKey
from instroom.store.models.leases import Lease
from instroom.store.models.monitoring import Heartbeat, Tally
from instroom.store.models.own_layouts import OwnLayout
from instroom.store.models.people import ApiToken, Invitation, Mail, RecoveryCode, RepeatKey
from instroom.store.models.reports import AskedReport
from instroom.store.models.safeguards import Proposal
from instroom.store.models.sessions import WebSession
from instroom.store.models.sign_in_providers import LinkedIdentity, SignInProvider, UsedOnce
from instroom.store.models.site import Institute, Site
from instroom.store.models.throttle import AttemptCounter
from instroom.store.models.webhooks import Webhook, WebhookAttempt, WebhookCall

__all__ = [
    "AccountManager",
    "ApiToken",
    "AskedReport",
    "AttemptCounter",
    "AuditEntry",
    "AuditHead",
    "Category",
    "Comment",
    "Company",
    "Connection",
    "ConnectionRun",
    "Customer",
    "DataKey",
    "Delivery",
    "DeliverySource",
    "Dossier",
    "Environment",
    "Erasure",
    "FailedAttempt",
    "FileAccount",
    "FindingChunk",
    "Heartbeat",
    "Institute",
    "Invitation",
    "KeptFindings",
    "KnownAddress",
    "Lease",
    "LinkedIdentity",
    "Mail",
    "OwnLayout",
    "Person",
    "PersonKey",
    "Plan",
    "Proposal",
    "RecoveryCode",
    "RepeatKey",
    "Role",
    "SignInProvider",
    "Site",
    "StoredChange",
    "Tally",
    "UsedOnce",
    "User",
    "WebSession",
    "Webhook",
    "WebhookAttempt",
    "WebhookCall",
    "column_name",
]
