"""The history of a dossier says what happened, and why (product.md D9)."""

import re

import pytest
from tests.doors.web.web_customer import ANNA, BRAM, COMPANY, WebCustomer, markup

WOMAN = ANNA | {"PersoonGeslacht": "V", "PersoonTaal": "nl", "PersoonPriveLand": "BE", "PersoonActief": "Ja"}
MAN = WOMAN | {"PersoonGeslacht": "M", "PersoonTaal": "fr"}


def past_of(page: str) -> list[str]:
    """What happened to the dossier of a page, the last of it first."""
    return page.partition('id="history"')[2].split('class="past"')[1:]


def test_a_lost_company_is_named_with_the_row_where_it_is_missing(customer: WebCustomer) -> None:
    customer.import_in_live(ANNA | COMPANY, BRAM | COMPANY)
    other = COMPANY | {"BedrijfExternId": "C-2", "BedrijfNaam": "Andere BV"}
    customer.import_in_live(ANNA | COMPANY, BRAM | other)
    delivery = customer.import_in_live(BRAM | other, ANNA | {"PersoonFunctie": "Leider", "PersoonAfdeling": "Zorg"})
    client = customer.signed_in("reader")
    page = markup(client.get(customer.dossier("P-1")))
    last, first = past_of(page)
    assert "<h3>Changed: Job title, Department · Unlinked from Voorbeeld BV (C-1)</h3>" in last
    assert f'row 3 of<a class="break" href="/customers/ons/deliveries/{delivery.pk}">levering.csv</a>had no co' in last
    assert "delivered by ons-supplier · approved by ons-approver ·" in last
    assert "<h3>New · Linked to Voorbeeld BV (C-1)</h3>" in first
    assert "had no company" not in first
    bram = past_of(markup(client.get(customer.dossier("P-2"))))
    assert "<h3>From Voorbeeld BV (C-1) to Andere BV (C-2)</h3>" in bram[0]
    [change] = re.findall(r'<a href="([^"]*)">View this change</a>', last)
    plan = client.get(change).content.decode()
    assert "Anna de Voorbeeld" in plan
    assert "Bram" not in plan
    in_training = markup(client.get(customer.dossier("P-1", "training")))
    assert re.findall(r'<a href="([^"]*)">View this change</a>', past_of(in_training)[0]) == [change]


@pytest.mark.parametrize(
    ("lang", "words", "changed"),
    [
        ("nl", ("vrouw", "Nederlands", "België", "ja"), ("man", "Frans")),
        ("en", ("female", "Dutch", "Belgium", "yes"), ("male", "French")),
    ],
)
def test_codes_are_in_words(customer: WebCustomer, lang: str, words: tuple[str, ...], changed: tuple[str, ...]) -> None:
    customer.import_in_live(WOMAN)
    client = customer.signed_in("reader")
    client.cookies["instroom-language"] = lang
    page = markup(client.get(customer.dossier("P-1")))
    assert all(f'<dd class="lines">{word}</dd>' in page for word in words)
    customer.import_in_live(MAN)
    last = re.sub("</?mark>", "", past_of(markup(client.get(customer.dossier("P-1"))))[0])
    for old, new in zip(words, changed, strict=False):
        assert f">{old}</td>" in last and f">{new}</td>" in last


def test_an_operator_goes_to_who_has_seen_the_dossier(customer: WebCustomer) -> None:
    customer.import_in_live(ANNA)
    address = customer.dossier("P-1")
    assert "Who has seen" not in customer.signed_in("reader").get(address).content.decode()
    operator = customer.signed_in("operator")
    page = operator.get(address).content.decode()
    [link] = re.findall(r'<a href="([^"]*)">\s*Who has seen this dossier', page)
    seen = markup(operator.get(link.replace("&amp;", "&")))
    assert seen.count("<td>viewed a dossier</td>") == 2
    assert ">ons-reader</a>" in seen
    assert "Anna de Voorbeeld, P-1" in seen


def test_there_is_a_way_back_to_the_results(customer: WebCustomer) -> None:
    customer.import_in_live(*(ANNA | {"PersoonExternId": f"P-{n:03}"} for n in range(60)))
    client = customer.signed_in("reader")
    found = client.post("/customers/ons/live/search", {"q": "voorbeeld"}, follow=True)
    [second] = re.findall(r'rel="next" href="([^"]*)"', found.content.decode())
    results = client.get(second.replace("&amp;", "&")).content.decode()
    link = re.findall(r'href="([^"]*/person/[^"]*)"', results)[0].replace("&amp;", "&")
    page = client.get(link).content.decode()
    [back] = re.findall(r'href="([^"]*)">← Back to the results', page)
    assert back.replace("&amp;", "&") == second.replace("&amp;", "&")
    assert "Back to the results" not in client.get(link.partition("?")[0]).content.decode()
    assert "Back to the results" not in customer.signed_in("reader").get(link).content.decode()


def test_a_dossier_is_restored_alone_from_its_history(customer: WebCustomer) -> None:
    customer.import_in_live(ANNA | COMPANY, BRAM)
    second = customer.import_in_live(ANNA | COMPANY | {"PersoonVoornaam": "Annelies"}, BRAM | {"PersoonVoornaam": "Ab"})
    address = customer.dossier("P-1")
    assert "Restore this dossier" not in customer.signed_in("reader").get(address).content.decode()
    approver = customer.signed_in("approver")
    page = approver.get(address).content.decode()
    assert "Restore this dossier" not in approver.get(customer.dossier("P-1", "training")).content.decode()
    forms = re.findall(r'action="([^"]*/restore/[^"]*)"', page)
    assert len(forms) == 2  # changed, and created
    made = approver.post(forms[0], follow=True)
    said = markup(made)
    assert "Restoring one dossier of levering.csv" in said
    assert f'This delivery restores one dossier of<a class="break" href="/customers/ons/deliveries/{second.pk}"' in said
    assert "Anna" not in made.redirect_chain[-1][0]
    again = approver.post(forms[0], follow=True)
    assert again.redirect_chain[-1][0] == address
    assert "already undoes it" in again.content.decode()
    unknown = forms[0].replace("/person/", "/dossier/")
    assert approver.post(unknown).status_code == 404
