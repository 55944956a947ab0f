"""What a program does that stands on a client of openapi-python-client: deliver, poll, look, approve, change,
export, manage people.

openapi_python_client.py ADDRESS TOKEN FILE
"""

import sys
import time
from pathlib import Path
from typing import Any

import attrs
from made_client import AuthenticatedClient
from made_client.api.connections import change_connection, create_connection, get_connection
from made_client.api.customers import change_policies
from made_client.api.decisions import approve_delivery
from made_client.api.deliveries import deliver_file, get_delivery, list_deliveries
from made_client.api.dossiers import export_dossiers, get_person
from made_client.api.file_server_accounts import change_file_account, create_file_account
from made_client.api.findings import list_findings
from made_client.api.invitations import create_invitation, withdraw_invitation
from made_client.api.plan import get_plan
from made_client.api.token import create_token, end_token
from made_client.api.users import change_user, list_users
from made_client.api.webhooks import change_webhook, create_webhook
from made_client.models import (
    Approval,
    ConnectionChanges,
    CustomerPolicyChanges,
    DeliverFileForm,
    FileAccountChanges,
    GetPersonEnvironment,
    NewApiToken,
    NewApiTokenScopesItem,
    NewConnection,
    NewFileAccount,
    NewInvitation,
    NewInvitationRolesItem,
    NewWebhook,
    PolicySettings,
    UserChanges,
    WebhookChanges,
)
from made_client.models.export_dossiers_environment import ExportDossiersEnvironment
from made_client.models.export_dossiers_format import ExportDossiersFormat
from made_client.models.new_webhook_events_type_0_item import NewWebhookEventsType0Item
from made_client.types import File

address, token, file = sys.argv[1], sys.argv[2], Path(sys.argv[3])
client = AuthenticatedClient(base_url=address, token=token, raise_on_unexpected_status=True)
own: dict[str, Any] = {"client": client, "customer": "ons"}


def until(delivery: Any, state: str) -> Any:
    """Ask for the delivery until it has this state."""
    end = time.monotonic() + 60
    while delivery.state != state and time.monotonic() < end:
        time.sleep(0.2)
        delivery = get_delivery.sync(delivery_id=delivery.id, **own)
    assert delivery.state == state, delivery
    return delivery


account = create_file_account.sync(body=NewFileAccount(name="hr"), **own)
assert account.password
settings = NewConnection(
    name="nacht",
    account="hr",
    file_name="personen.csv",
    schedule="daily 01:00",
    policies=PolicySettings(approver_differs=False),
    standing_approval=True,
)
before = create_connection.sync(body=settings, **own).to_dict()
changed = change_connection.sync(name="nacht", body=ConnectionChanges(schedule="daily 02:00"), **own).to_dict()
nothing = ConnectionChanges(**{field.name: None for field in attrs.fields(ConnectionChanges)})
change_connection.sync(name="nacht", body=nothing, **own)
assert get_connection.sync(name="nacht", **own).to_dict() == changed
assert {name for name in before if before[name] != changed[name]} == {"schedule", "next"}
assert (changed["account"], changed["standing_approval"]) == ("hr", True)

change_file_account.sync(name="hr", body=FileAccountChanges(active=False), **own)
lenient = change_file_account.sync(name="hr", body=FileAccountChanges(allow_missing_close_notify=True), **own)
assert (lenient.active, lenient.allow_missing_close_notify) == (False, True)

held = [NewWebhookEventsType0Item.DELIVERY_HELD]
hook = NewWebhook(name="crm", address="https://crm.voorbeeld.example/", events=held)
create_webhook.sync(body=hook, **own)
webhook = change_webhook.sync(name="crm", body=WebhookChanges(address="https://hr.voorbeeld.example/"), **own)
assert webhook.events == ["delivery.held"]

policies = change_policies.sync(body=CustomerPolicyChanges(quiet_from=""), **own)
assert change_policies.sync(body=CustomerPolicyChanges(blank=None), **own) == policies
reader = next(one for one in list_users.sync(**own).users if one.name == "ons-reader")
assert change_user.sync(user_id=reader.id, body=UserChanges(roles=None), **own) == reader
invited = NewInvitation(email="iemand@voorbeeld.example", roles=[NewInvitationRolesItem.READER])
withdraw_invitation.sync_detailed(invitation_id=create_invitation.sync(body=invited, **own).id, **own)
another = create_token.sync(body=NewApiToken(name="nacht", scopes=[NewApiTokenScopesItem.READ]), **own)
assert another.token.startswith("instroom_")
assert end_token.sync(token_id=another.id, **own).ended_at is not None

form = DeliverFileForm(file=File(payload=file.open("rb"), file_name=file.name), connection="nacht")
delivery = until(deliver_file.sync(body=form, idempotency_key="maandag", **own), "awaiting-approval")
assert delivery.live.persons.new == 1
assert list_findings.sync(delivery_id=delivery.id, **own).total == 0
plan = get_plan.sync(delivery_id=delivery.id, **own)
assert [change.kind for change in plan.changes] == ["company", "person"]
approve_delivery.sync(delivery_id=delivery.id, body=Approval(digest=plan.digest), **own)
until(delivery, "imported")
assert list_deliveries.sync(**own).deliveries[0].id == delivery.id
person = get_person.sync(environment=GetPersonEnvironment.LIVE, source="HR", id="P-1", **own)
assert person.fields.to_dict()["surname"] == "Voorbeeld"
for file_format in ExportDossiersFormat:
    exported = export_dossiers.sync(environment=ExportDossiersEnvironment.LIVE, format_=file_format, **own)
    assert exported.payload.read()
