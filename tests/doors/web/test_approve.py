"""The approver: sees the plan against live, and decides (product.md D1-D5)."""

import re
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from tests.doors.web.web_customer import ANNA, BAD_DATE, BRAM, COMPANY, WebCustomer, markup
from tests.kept_files import path_of

from instroom.flow import find
from instroom.flow.delivery.advance import advance_all
from instroom.flow.delivery.undo import undo
from instroom.store.models import AuditEntry, Customer, Delivery, Person, User

APPROVES = '/approve"'
"""The end of the address of the form, which the help for an approver has not."""


@pytest.fixture
def approver(customer: WebCustomer) -> Client:
    """The approver's browser."""
    return customer.signed_in("approver")


def address_of(delivery: Delivery) -> str:
    """Where the delivery is shown."""
    return f"/customers/ons/deliveries/{delivery.pk}"


def plan_page(client: Client, delivery: Delivery, query: str = "") -> str:
    """The plan as text."""
    response = client.get(f"{address_of(delivery)}/plan{query}")
    assert response.status_code == 200
    return markup(response)


def digest_of(delivery: Delivery) -> str:
    """Of the plan that waits."""
    return delivery.plans.get(environment__name="live", state="planned").digest


def decide(client: Client, delivery: Delivery, what: str, **data: str) -> str:
    """Send a decision; the delivery's page that follows."""
    response = client.post(f"{address_of(delivery)}/{what}", data)
    assert response.headers["Location"] == address_of(delivery)
    delivery.refresh_from_db()
    return markup(client.get(address_of(delivery)))


def test_each_change_is_shown_field_by_field(approver: Client, customer: WebCustomer) -> None:
    customer.import_in_live(ANNA | COMPANY)
    page = plan_page(approver, customer.deliver(ANNA | COMPANY | {"PersoonVoornaam": "Annelies"}))
    assert "<summary>Annelies de Voorbeeld<" in page
    assert '<span class="was">Anna</span>' in page
    assert '<span class="becomes">Annelies</span>' in page
    assert customer.dossier("P-1", "training") in page


def test_what_differs_a_little_is_marked_and_said(approver: Client, customer: WebCustomer) -> None:
    customer.import_in_live(ANNA | {"PersoonAchternaam": "Jаnsen", "PersoonFunctie": "HOOFD&<b>"})
    page = plan_page(approver, customer.deliver(ANNA | {"PersoonAchternaam": "Jansen", "PersoonFunctie": "Hoofd&<b>"}))
    assert '<span class="was">J<mark>а</mark>nsen</span>' in page
    assert '<span class="becomes">J<mark>a</mark>nsen</span>' in page
    assert "‘а’ is Cyrillic and ‘a’ is Latin" in page
    assert '<span class="becomes">H<mark>oofd</mark>&amp;&lt;b&gt;</span>' in page
    assert "Differs only in letter case" in page


def test_what_stands_out_comes_first(approver: Client, customer: WebCustomer) -> None:
    customer.import_in_live(ANNA | COMPANY, BRAM | COMPANY)
    page = plan_page(approver, customer.deliver(ANNA | COMPANY | {"PersoonVoornaam": "Aafje"}, BRAM))
    assert page.index("<summary>Bram de Voorbeeld<") < page.index("<summary>Aafje de Voorbeeld<")
    assert "unlinked (1)" in page


def test_what_stands_out_is_said_in_sentences_that_lead_to_it(approver: Client, customer: WebCustomer) -> None:
    customer.import_in_live(ANNA | COMPANY, BRAM | COMPANY)
    delivery = customer.deliver(ANNA | {"PersoonVoornaam": "Joost", "PersoonAchternaam": "Janssen"}, BRAM | COMPANY)
    page = plan_page(approver, delivery)
    assert "Changed or new" not in page
    assert "1 dossier changed or new, as usual (3)." in page
    assert 'what=unlinked#each">No company any more: 1 person. Last time 0.</a>' in page
    assert 'what=person-identity-changed#each">For 1 person, so much of the name' in page
    page = plan_page(approver, delivery, "?what=person-identity-changed")
    assert "<summary>Joost de Janssen<" in page
    assert "Still the same person?" in page


def test_a_company_is_called_by_its_name(approver: Client, customer: WebCustomer) -> None:
    customer.import_in_live(ANNA | COMPANY, BRAM | COMPANY)
    other = {"BedrijfExternId": "C-2", "BedrijfExternSource": "HR", "BedrijfNaam": "Tweede BV"}
    page = plan_page(approver, customer.deliver(ANNA, BRAM | other))
    assert '<span class="was">Voorbeeld BV (C-1)</span>' in page
    assert '<span class="becomes">Tweede BV (C-2)</span>' in page
    assert '<span class="soft">no company on row 2</span>' in page
    assert '<span class="small soft">on row 3</span>' in page
    assert page.count('<span class="badge unlinked">') == 1, "one badge says it"
    assert "The record has no company" not in page
    assert '?what=unlinked#each"><b>1</b>unlinked</a>' in page


STAFF = [
    ANNA
    | {
        "PersoonExternId": f"P-{number}",
        "PersoonVoornaam": "",
        "PersoonAchternaam": f"Nummer{chr(96 + number)}",
        "PersoonEmailWerk": f"p{number}@voorbeeld.example",
    }
    for number in range(1, 24)
]


def test_what_changes_in_many_stands_together(approver: Client, customer: WebCustomer) -> None:
    customer.import_in_live(*STAFF)
    moved = [one | {"PersoonFunctie": "Chef" if number else "Kok"} for number, one in enumerate(STAFF)]
    delivery = customer.deliver(moved[0] | {"PersoonAfdeling": "Oost"}, *moved[1:])
    page = plan_page(approver, delivery)
    assert '?field=person.job_title#each">22 × Job title becomes ‘Chef’</a>' in page
    assert '<a href="' + address_of(delivery) + '/plan?field=person.job_title#each">Job title, 23 persons' in page
    assert page.count('<th scope="rowgroup"') == 1, "who changes in another field too stands in the table as well"
    assert "put 23 changes in live now" in page
    page = plan_page(approver, delivery, "?field=person.job_title")
    assert page.count('<th scope="rowgroup"') == 23
    assert plan_page(approver, delivery, "?field=person.nonsense").count('<th scope="rowgroup"') == 1
    assert "Becomes" not in plan_page(approver, delivery, "?field=person.department&what=linked")


def test_who_is_no_longer_in_the_file_is_said_and_listed(approver: Client, customer: WebCustomer) -> None:
    customer.import_in_live(ANNA, BRAM, ANNA | {"PersoonExternId": "A-1", "PersoonExternSource": "AFAS"})
    delivery = customer.deliver(BRAM | {"PersoonFunctie": "Kok"})
    listed = f"{address_of(delivery)}/plan/absent"
    sentence = "No longer in the file: 1 person. Their data stay as they are."
    assert f'<a href="{listed}">{sentence}</a>' in plan_page(approver, delivery)
    assert f"<li>{sentence}</li>" in plan_page(customer.signed_in("supplier"), delivery)
    page = markup(approver.get(listed))
    assert f'<a href="{customer.dossier("P-1")}">Anna de Voorbeeld</a>' in page
    assert "Bram" not in page, "is in it"
    assert "A-1" not in page, "is of a source of which nobody is in it"
    assert AuditEntry.objects.get(action="looked-up").facts["seen"] == {"companies": 0, "persons": 1}


def test_a_new_dossier_stands_beside_the_one_that_it_resembles(approver: Client, customer: WebCustomer) -> None:
    customer.import_in_live(ANNA | COMPANY)
    delivery = customer.deliver(ANNA | {"PersoonExternId": "P-9", "PersoonEmailWerk": "a@voorbeeld.example"})
    page = plan_page(approver, delivery)
    assert "Is Anna de Voorbeeld the same as Anna de Voorbeeld, who is in live already?" in page
    assert f'href="{customer.dossier("P-1")}"' in page
    assert "anna@voorbeeld.example</td>" in page
    born = page[page.index('<tr class="equal"><th scope="row">Date of birth') :]
    assert born.startswith('<tr class="equal"><th scope="row">Date of birth</th><td data-label="New">01-02-1980</td>')
    assert "anna@voorbeeld.example" not in plan_page(customer.signed_in("supplier"), delivery)


def test_the_plan_is_taken_as_a_workbook_without_formulas(approver: Client, customer: WebCustomer) -> None:
    customer.import_in_live(ANNA | COMPANY, BRAM)
    delivery = customer.deliver(ANNA | {"PersoonFunctie": '=HYPERLINK("x")'}, BRAM | {"PersoonExternId": "P-3"})
    response = approver.get(f"{address_of(delivery)}/plan.xlsx")
    assert response.headers["Content-Disposition"] == 'attachment; filename="levering (plan).xlsx"'
    [header, *rows] = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active.iter_rows(
        values_only=True
    )
    assert header[5:9] == ("Change", "Field", "Was", "Becomes")
    assert [row[1:3] + row[5:8] for row in rows[:2]] == [
        ("Anna de Voorbeeld", "P-1", "unlinked", "Company", "Voorbeeld BV (C-1)"),
        ("Anna de Voorbeeld", "P-1", "changed", "Job title", None),
    ]
    assert rows[1][8] == '=HYPERLINK("x")'
    assert rows[2][5] == "new"
    assert "First name: Bram" in rows[2][8]
    taken = AuditEntry.objects.get(action="plan-taken")
    assert (taken.user.username, taken.facts) == ("ons-approver", {"environment": "live", "dossiers": 2})
    assert (
        customer.signed_in("supplier").get(f"{address_of(customer.deliver(BRAM | BAD_DATE))}/plan.xlsx").status_code
        == 404
    )


def test_where_all_is_as_usual_one_sentence_says_so(approver: Client, customer: WebCustomer) -> None:
    customer.import_in_live(ANNA)
    page = plan_page(approver, customer.deliver(ANNA | {"PersoonFunctie": "Kok"}))
    assert "Nothing special: 1 dossier changed or new, as usual (1)." in page


def test_a_column_that_came_empty_is_said_on_the_plan_and_on_the_delivery(
    approver: Client, customer: WebCustomer
) -> None:
    staff = [ANNA | {"PersoonExternId": f"P-{number}", "PersoonFunctie": "Coach"} for number in range(1, 9)]
    customer.import_in_live(*staff)
    delivery = customer.deliver(*(one | {"PersoonFunctie": ""} for one in staff))
    for page in (plan_page(approver, delivery), markup(approver.get(address_of(delivery)))):
        assert "blank for 8 of 8 persons (100%). Last time that was 0%." in page
        assert '<td data-label="Filled in">0</td>' in page


ALL = {"Anna", "Bram", "Voorbeeld BV"}


FILTERED = {
    "": ALL,
    "?what=new": ALL,
    "?what=changed": set(),
    "?what=linked": {"Anna"},
    "?what=nonsense": ALL,
    "?kind=company": {"Voorbeeld BV"},
    "?kind=person": {"Anna", "Bram"},
    "bram": {"Bram"},
    "P-1": {"Anna"},
    "c-1": {"Voorbeeld BV"},
    "\0": ALL,
    "'%": set(),
}


@pytest.mark.on_postgresql
def test_changes_are_filtered(approver: Client, customer: WebCustomer) -> None:
    """By what stands in the address, or by a text, which does not."""
    delivery = customer.deliver(ANNA | COMPANY, BRAM)
    headings = {"Anna": "Anna de Voorbeeld", "Bram": "Bram de Voorbeeld", "Voorbeeld BV": "Voorbeeld BV"}
    for query, names in FILTERED.items():
        address = query
        if query and not query.startswith("?"):
            where = approver.post(f"{address_of(delivery)}/plan", {"text": query, "kind": ""}).headers["Location"]
            address = where.partition("/plan")[2].partition("#")[0]
            assert "text" not in address
        page = plan_page(approver, delivery, address)
        assert {name for name, heading in headings.items() if f"<summary>{heading}<" in page} == names, query


def test_approval_brings_it_in_live_and_is_recorded(approver: Client, customer: WebCustomer) -> None:
    delivery = customer.deliver(ANNA)
    page = decide(approver, delivery, "approve", digest=digest_of(delivery), when="now")
    assert "Approved. It goes to live without delay." in page
    advance_all()
    delivery.refresh_from_db()
    assert delivery.state == "imported"
    assert AuditEntry.objects.get(action="approved").user == delivery.decided_by
    assert "Approved by ons-approver" in approver.get(address_of(delivery)).content.decode()


def test_approval_for_later_waits(approver: Client, customer: WebCustomer) -> None:
    delivery = customer.deliver(ANNA)
    at = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    decide(approver, delivery, "approve", digest=digest_of(delivery), when="later", at=at)
    advance_all()
    delivery.refresh_from_db()
    assert delivery.state == "scheduled"
    assert timezone.localtime(delivery.due_at).strftime("%Y-%m-%dT%H:%M") == at


def test_a_scheduled_approval_is_moved_and_taken_back_on_the_plan(approver: Client, customer: WebCustomer) -> None:
    delivery, at = customer.deliver(ANNA), (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    decide(approver, delivery, "approve", digest=digest_of(delivery), when="later", at=at)
    page = plan_page(approver, delivery)
    assert f'value="{at}"' in page
    assert "/reschedule" not in plan_page(customer.signed_in("supplier"), delivery)
    assert "#scheduled" in approver.get(address_of(delivery)).content.decode()
    later = (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    page = decide(approver, delivery, "reschedule", digest=digest_of(delivery), when="later", at=later)
    assert "It will be imported into live at the new time." in page
    assert timezone.localtime(delivery.due_at).strftime("%Y-%m-%dT%H:%M") == later
    assert "Write why you take the approval back." in decide(approver, delivery, "unapprove", reason=" ")
    page = decide(approver, delivery, "unapprove", reason="Eerst overleggen.")
    assert "The approval has been taken back." in page
    assert '<p class="lines break">Eerst overleggen.</p>' in page
    assert "An approver has taken the approval back." in page
    assert delivery.state == "awaiting-approval"
    said = ["Approved by", "Time of the import chosen by", "Approval taken back by"]
    places = [page.index(f"{one} ons-approver, ") for one in said]
    assert places == sorted(places)
    decide(approver, delivery, "approve", digest=digest_of(delivery), when="later", at=at)
    page = decide(approver, delivery, "reschedule", digest=digest_of(delivery), when="now")
    assert "It goes to live without delay." in page
    assert delivery.state == "approved"


def test_a_plan_that_was_open_before_it_was_scheduled_does_not_move_it(approver: Client, customer: WebCustomer) -> None:
    delivery, at = customer.deliver(ANNA), (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    decide(approver, delivery, "approve", digest=digest_of(delivery), when="later", at=at)
    decide(customer.signed_in("operator"), delivery, "approve", digest=digest_of(delivery), when="now")
    assert delivery.state == "scheduled"


def agree(**policies: object) -> None:
    """Agree with the customer."""
    Customer.objects.filter(name="ons").update(policies=policies)


def busy_now() -> None:
    """Whatever is delivered is large, and it is not quiet now."""
    hour = timezone.localtime().hour
    agree(quiet_above=0, quiet_from=f"{(hour + 2) % 24:02}:00", quiet_until=f"{(hour + 3) % 24:02}:00")


def test_for_a_large_file_the_quiet_hours_are_proposed(approver: Client, customer: WebCustomer) -> None:
    busy_now()
    delivery = customer.deliver(ANNA)
    page = plan_page(approver, delivery)
    assert "Approve: put 1 change in live in the quiet hours, from" in page
    assert "The file has more than 0 records. It waits for the quiet hours" in page
    assert "Approve, and import now anyway" in page
    page = decide(approver, delivery, "approve", digest=digest_of(delivery))
    assert delivery.state == "scheduled"
    assert "It will be imported into live at the chosen time." in page


def test_a_large_file_is_imported_at_once_where_a_person_says_so(approver: Client, customer: WebCustomer) -> None:
    busy_now()
    delivery = customer.deliver(ANNA)
    decide(approver, delivery, "approve", digest=digest_of(delivery), when="now")
    assert delivery.state == "approved"


def test_a_small_file_is_imported_now(approver: Client, customer: WebCustomer) -> None:
    page = plan_page(approver, customer.deliver(ANNA, BRAM))
    assert '<button class="main" name="when" value="now">Approve: put 2 changes in live now</button>' in page


def test_a_proposed_time_that_went_by_has_come(approver: Client, customer: WebCustomer) -> None:
    delivery, at = customer.deliver(ANNA), "2001-01-01T20:00"
    decide(approver, delivery, "approve", digest=digest_of(delivery), when="later", at=at, proposed=at)
    assert delivery.state == "approved"


def test_who_delivered_is_told_that_another_must_approve(customer: WebCustomer) -> None:
    agree(approver_differs=True)
    delivery = customer.deliver(ANNA)
    Delivery.objects.update(delivered_by=User.objects.get(username="ons-operator"))
    own, other = customer.signed_in("operator"), customer.signed_in("approver")
    assert "somebody else must approve it" in plan_page(own, delivery)
    assert APPROVES not in plan_page(own, delivery)
    assert "/refuse" in plan_page(own, delivery)
    assert APPROVES in plan_page(other, delivery)
    assert "somebody else must approve it" in decide(own, delivery, "approve", digest=digest_of(delivery))
    assert delivery.state == "awaiting-approval"


@pytest.fixture
def came_back(approver: Client, customer: WebCustomer) -> Delivery:
    """A delivery that came back, since live had changed."""
    customer.import_in_live(ANNA, BRAM)
    delivery = customer.deliver(ANNA | COMPANY | {"PersoonVoornaam": "Annelies"}, BRAM | {"PersoonVoornaam": "Bramme"})
    decide(approver, delivery, "approve", digest=digest_of(delivery), when="later", at="2999-01-01T06:30")
    customer.import_in_live(ANNA | {"PersoonVoornaam": "Aafje"}, BRAM | {"PersoonVoornaam": "Bramme"})
    Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now())  # its hour comes
    advance_all()
    delivery.refresh_from_db()
    assert delivery.reason == "live-changed"
    return delivery


@pytest.mark.parametrize("path", ["", "/plan"])
def test_a_plan_that_is_outdated_says_so(approver: Client, came_back: Delivery, path: str) -> None:
    page = approver.get(f"{address_of(came_back)}{path}").content.decode()
    assert "Live data has changed in the meantime" in page
    assert "1 different" in page
    assert "1 no longer needed" in page
    assert f'href="{address_of(came_back)}/differences"' in page


def test_what_changed_since_approval_stands_beside_what_was_approved(approver: Client, came_back: Delivery) -> None:
    page = markup(approver.get(f"{address_of(came_back)}/differences"))
    anna = page[page.index("Annelies de Voorbeeld") : page.index("Bramme de Voorbeeld")]
    was = re.findall(r'<span class="was">(.*?)</span>.*?<span class="becomes">(.*?)</span>', anna)
    assert was == [("Anna", "Annelies"), ("Aafje", "Annelies")]
    assert "There is nothing left to do here." in page
    assert (
        "Bramme de Voorbeeld"
        not in approver.get(f"{address_of(came_back)}/differences?word=different").content.decode()
    )


def test_when_it_is_decided_nothing_is_compared_any_more(approver: Client, came_back: Delivery) -> None:
    decide(approver, came_back, "refuse", reason="Te laat.")
    assert approver.get(f"{address_of(came_back)}/differences").headers["Location"] == f"{address_of(came_back)}/plan"


@pytest.fixture
def passed_by(customer: WebCustomer) -> Delivery:
    """A delivery of whom live has under another name since its plan was made."""
    delivery = customer.deliver(ANNA)
    customer.import_in_live(ANNA | {"PersoonVoornaam": "Aafje"})
    return delivery


def test_a_plan_that_live_has_passed_is_shown_as_it_is_now(approver: Client, passed_by: Delivery) -> None:
    page = plan_page(approver, passed_by)
    assert "Live changed on " in page
    assert "So the plan was made anew, on " in page
    assert "1 different" in page
    assert '<span class="was">Aafje</span>' in page
    assert "plan made anew, since live has changed" in markup(approver.get(address_of(passed_by)))


def test_who_approves_what_live_has_passed_hears_so_at_once(approver: Client, passed_by: Delivery) -> None:
    page = decide(approver, passed_by, "approve", digest=digest_of(passed_by), when="now")
    assert "Nothing has been approved" in page
    assert passed_by.state == "awaiting-approval"


def test_a_large_plan_is_followed_while_it_is_made_anew(
    approver: Client, passed_by: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("instroom.flow.delivery.renewing._AT_ONCE", 0)
    page = plan_page(approver, passed_by)
    assert "the plan is being made anew" in page
    assert APPROVES not in page
    assert not AuditEntry.objects.filter(action="plan-seen").exists()
    advance_all()
    assert "So the plan was made anew" in plan_page(approver, passed_by)


def test_a_plan_that_cannot_be_made_anew_says_why_and_can_be_refused(approver: Client, passed_by: Delivery) -> None:
    path_of(passed_by.file_key).write_bytes(b"damaged")
    assert "the plan is being made anew" in plan_page(approver, passed_by)
    advance_all()
    page = plan_page(approver, passed_by)
    assert "cannot be made anew" in page
    assert "The kept file is not what was received" in page
    assert APPROVES not in page
    assert "The kept file is not what was received" in markup(approver.get(address_of(passed_by)))
    assert "Nothing has been approved" in decide(approver, passed_by, "approve", digest=digest_of(passed_by))
    decide(approver, passed_by, "refuse", reason="beschadigd")
    assert passed_by.state == "refused"


def test_a_dossier_that_training_lacks_is_not_linked(approver: Client, customer: WebCustomer) -> None:
    delivery = customer.deliver(ANNA)
    assert "/training/person/" in plan_page(approver, delivery)
    Person.objects.filter(environment__name="training").delete()
    assert "/training/person/" not in plan_page(approver, delivery)


def test_an_undo_leads_to_no_dossier_in_training(approver: Client, customer: WebCustomer) -> None:
    customer.import_in_live(ANNA)
    back = undo(customer.import_in_live(ANNA | {"PersoonVoornaam": "Aafje"}), by=find.user("ons-operator"))
    advance_all()
    assert "/training/person/" not in plan_page(approver, back)


def test_withdrawing_what_was_approved_says_by_whom_and_what_follows(approver: Client, customer: WebCustomer) -> None:
    delivery, at = customer.deliver(ANNA), (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    decide(approver, delivery, "approve", digest=digest_of(delivery), when="later", at=at)
    assert "Approved: these changes will be made." in plan_page(approver, delivery)
    supplier = customer.signed_in("supplier")
    assert "ons-approver has approved this delivery." in markup(supplier.get(address_of(delivery)))
    User.objects.filter(username="ons-approver").update(email="approver@voorbeeld.example")
    told = "ons-approver has approved this delivery, and will get a mail."
    assert told in markup(supplier.get(address_of(delivery)))
    page = decide(supplier, delivery, "withdraw")
    assert page.index("Approved by ons-approver, ") < page.index("Withdrawn by ons-supplier, ")
    assert "What it would have changed in live" in page
    assert "These changes have not been made." in plan_page(approver, delivery)


def test_who_decided_is_shown_with_the_plan(approver: Client, customer: WebCustomer) -> None:
    assert "Approved by ons-approver" in plan_page(approver, customer.import_in_live(ANNA))


@pytest.mark.parametrize("at", ["", "2001-01-01T10:00", "morgen", "9999-99-99T99:99"])
def test_a_time_that_is_none_is_not_taken(approver: Client, customer: WebCustomer, at: str) -> None:
    delivery = customer.deliver(ANNA)
    page = decide(approver, delivery, "approve", digest=digest_of(delivery), when="later", at=at)
    assert 'class="note error"' in page
    assert delivery.state == "awaiting-approval"


def test_only_the_plan_that_was_looked_at_is_approved(approver: Client, customer: WebCustomer) -> None:
    delivery = customer.deliver(ANNA)
    page = decide(approver, delivery, "approve", digest="of another plan", when="now")
    assert "no longer the one that you looked at" in page
    assert delivery.state == "awaiting-approval"


def test_of_two_who_decide_at_once_the_second_gets_an_answer(approver: Client, customer: WebCustomer) -> None:
    delivery, other = customer.deliver(ANNA), customer.signed_in("operator")
    digest = digest_of(delivery)
    decide(other, delivery, "refuse", reason="Not this month.")
    page = decide(approver, delivery, "approve", digest=digest, when="now")
    assert 'class="note error"' in page
    assert "Not this month." in page
    assert delivery.state == "refused"


def test_a_refusal_takes_a_reason(approver: Client, customer: WebCustomer) -> None:
    delivery = customer.deliver(ANNA)
    assert "A refusal takes a reason." in decide(approver, delivery, "refuse", reason="  ")
    assert delivery.state == "awaiting-approval"
    assert "Refused." in decide(approver, delivery, "refuse", reason="Te vroeg.")
    assert "Te vroeg." in customer.signed_in("supplier").get(address_of(delivery)).content.decode()


def test_who_may_not_decide_sees_no_form(customer: WebCustomer) -> None:
    delivery = customer.deliver(ANNA)
    assert APPROVES in plan_page(customer.signed_in("approver"), delivery)
    assert APPROVES not in plan_page(customer.signed_in("reader"), delivery)


def test_a_rejected_delivery_has_no_plan(approver: Client, customer: WebCustomer) -> None:
    delivery = customer.deliver(ANNA | {"PersoonGeboortedatum": "31-02-1980"})
    assert approver.get(f"{address_of(delivery)}/plan").status_code == 404


def test_people_ask_and_answer_on_the_plan_and_the_delivery(approver: Client, customer: WebCustomer) -> None:
    delivery, supplier = customer.deliver(ANNA), customer.signed_in("supplier")
    assert f'href="{address_of(delivery)}/plan?about=2#comments">Ask about this</a>' in plan_page(approver, delivery)
    assert 'name="row" inputmode="numeric" pattern="[0-9]*" value="2"' in plan_page(approver, delivery, "?about=2")
    asked = {"text": "Klopt <b>Anna</b>?\nEcht?", "row": "2", "asks": "yes", "page": "plan"}
    response = approver.post(f"{address_of(delivery)}/comment", asked)
    assert response.headers["Location"] == f"{address_of(delivery)}/plan#comments"
    assert '<span class="badge warning">question open</span>' in markup(supplier.get("/customers/ons/deliveries"))
    page = markup(supplier.get(address_of(delivery)))
    assert '<p class="lines break">Klopt &lt;b&gt;Anna&lt;/b&gt;?\nEcht?</p>' in page.replace("? Echt", "?\nEcht")
    assert "ons-approver, " in page
    assert "· row 2" in page
    for row in ("x", "²", "9" * 12):
        supplier.post(f"{address_of(delivery)}/comment", {"text": "Ja.", "row": row, "page": "nergens"})
        assert "Give the number of a row of the file" in markup(supplier.get(address_of(delivery)))
    supplier.post(f"{address_of(delivery)}/comment", {"text": "Ja."})
    assert "question open" not in plan_page(approver, delivery)
    assert "/comment" not in plan_page(customer.signed_in("reader"), delivery)
