"""What a program does that stands on a client of openapi-generator: deliver, poll, look, approve, change, export,
manage people.

openapi_generator.py ADDRESS TOKEN FILE
"""

import sys
import time
from pathlib import Path
from typing import Any

import made_client as made

address, token, file = sys.argv[1], sys.argv[2], Path(sys.argv[3])
client = made.ApiClient(made.Configuration(host=address, access_token=token))
connections, accounts = made.ConnectionsApi(client), made.FileServerAccountsApi(client)
deliveries, webhooks = made.DeliveriesApi(client), made.WebhooksApi(client)


def until(delivery: Any, state: str) -> Any:
    """Ask for the delivery until it has this state."""
    end = time.monotonic() + 60
    while delivery.state != state and time.monotonic() < end:
        time.sleep(0.2)
        delivery = deliveries.get_delivery("ons", delivery.id)
    assert delivery.state == state, delivery
    return delivery


assert accounts.create_file_account("ons", made.NewFileAccount(name="hr")).password
settings = made.NewConnection(
    name="nacht",
    account="hr",
    file_name="personen.csv",
    schedule="daily 01:00",
    policies=made.PolicySettings(approver_differs=False),
    standing_approval=True,
)
before = connections.create_connection("ons", settings).to_dict()
changed = connections.change_connection("ons", "nacht", made.ConnectionChanges(schedule="daily 02:00")).to_dict()
nothing = made.ConnectionChanges(**dict.fromkeys(made.ConnectionChanges.model_fields, None))
assert set(nothing.to_dict().values()) == {None}
connections.change_connection("ons", "nacht", nothing)
assert connections.get_connection("ons", "nacht").to_dict() == changed
assert {name for name in before if before[name] != changed[name]} == {"schedule", "next"}
assert (changed["account"], changed["standing_approval"]) == ("hr", True)

accounts.change_file_account("ons", "hr", made.FileAccountChanges(active=False))
lenient = accounts.change_file_account("ons", "hr", made.FileAccountChanges(allow_missing_close_notify=True))
assert (lenient.active, lenient.allow_missing_close_notify) == (False, True)

hook = made.NewWebhook(name="crm", address="https://crm.voorbeeld.example/", events=["delivery.held"])
webhooks.create_webhook("ons", hook)
webhook = webhooks.change_webhook("ons", "crm", made.WebhookChanges(address="https://hr.voorbeeld.example/"))
assert webhook.events == ["delivery.held"]

customers, users, tokens = made.CustomersApi(client), made.UsersApi(client), made.TokenApi(client)
policies = customers.change_policies("ons", made.CustomerPolicyChanges(quiet_from=""))
assert customers.change_policies("ons", made.CustomerPolicyChanges(blank=None)) == policies
reader = next(one for one in users.list_users("ons").users if one.name == "ons-reader")
assert users.change_user("ons", reader.id, made.UserChanges(roles=None)) == reader
invited = made.NewInvitation(email="iemand@voorbeeld.example", roles=["reader"])
invitation = made.InvitationsApi(client).create_invitation("ons", invited)
made.InvitationsApi(client).withdraw_invitation("ons", invitation.id)
another = tokens.create_token("ons", made.NewApiToken(name="nacht", scopes=["read"]))
assert (another.token[:9], tokens.end_token("ons", another.id).ended_at is None) == ("instroom_", False)

content = (file.name, file.read_bytes())
delivery = until(deliveries.deliver_file("ons", content, "maandag", connection="nacht"), "awaiting-approval")
assert delivery.live is not None
assert delivery.live.persons.new == 1
assert made.FindingsApi(client).list_findings("ons", delivery.id).total == 0
plan = made.PlanApi(client).get_plan("ons", delivery.id)
assert [change.kind for change in plan.changes] == ["company", "person"]
made.DecisionsApi(client).approve_delivery("ons", delivery.id, approval=made.Approval(digest=plan.digest))
until(delivery, "imported")
assert deliveries.list_deliveries("ons").deliveries[0].id == delivery.id
dossiers = made.DossiersApi(client)
assert dossiers.get_person("ons", "live", "HR", "P-1").fields["surname"] == "Voorbeeld"
for file_format in ("csv", "xlsx", "xml"):
    assert dossiers.export_dossiers("ons", "live", format=file_format)
