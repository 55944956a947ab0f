"""Erases a person on request (GDPR, article 17; product.md G3): dossiers, values of plans and findings, and files.

Counts, names of files and the lines of the audit log stay: they hold no value of a dossier.
"""

from functools import partial
from typing import Final

from django.db import transaction
from django.utils import timezone

from instroom.core.errors import NotAllowed, NotFound
from instroom.flow import audit, erasures, find, permissions
from instroom.flow.delivery.forget import forget_file
from instroom.flow.delivery.states import ENDED
from instroom.flow.file_server.account_answers import delete_shown
from instroom.flow.privacy.data_subject import DataSubject, find_person
from instroom.store.files.site_store import upload_folder
from instroom.store.leases import held_or_refused
from instroom.store.models import Customer, Delivery, User
from instroom.store.sessions import forget_searches
from instroom.store.sql import erasing, findings, person_keys

_PATIENCE: Final = 20.0  # seconds that a person waits for steps under way


def erase(customer: Customer, extern_id: str, source: str | None, reason: str, *, by: User | None) -> list[Delivery]:
    """Erase the person with this key. Gives the deliveries whose file and findings went with them.

    `by` None: after a restore, in which case nothing stands in the way. Raises NotFound as `find_person`, and where
    nothing names the person, who has not been erased before either: the key may be mistyped. Raises NotAllowed
    also where no reason is given, a delivery that names the person is on its way (it is ended first), or a step of the
    customer takes long.
    """
    if by:
        permissions.check(by, "privacy", customer)
        if not reason.strip():
            raise NotAllowed("erasure-without-reason")
    with held_or_refused(customer.pk, _PATIENCE) as lease:
        subject = find_person(customer, extern_id, source)
        named = [one.delivery for one in subject.mentions]
        under_way = [one.pk for one in named if one.state not in ENDED]
        undos = Delivery.objects.filter(undoes__in=named).exclude(state__in=ENDED)
        if by and (waiting := {*under_way, *undos.values_list("pk", flat=True)}):
            raise NotAllowed("erasure-waits", deliveries=[str(one) for one in sorted(waiting)])
        is_known = named or subject.dossier_ids or erasures.erased_among(customer, [subject.key])
        if by and not is_known:
            raise NotFound("person-unknown", id=extern_id, source=source, customer=customer.name)
        with lease.transaction():
            _erase(subject, reason.strip(), by)
    return named


def _erase(subject: DataSubject, reason: str, by: User | None) -> None:
    customer = subject.customer
    for environment in find.environments(customer):
        erasing.delete_person(environment, subject.key)
    erasing.forget_words()
    person_keys.forget(customer.pk, subject.key)
    for plan in subject.plans.values():
        erasing.forget_in_plan(plan, subject.key)
    now = timezone.now()
    for mention in subject.mentions:
        if mention.delivery.state in ENDED:
            forget_file(mention.delivery)
            findings.remove_values(mention.delivery)
            mention.delivery.comments.update(text="")  # nobody knows in which of them the person is named
            Delivery.objects.filter(pk=mention.delivery.pk).update(values_removed_at=now)
            if mention.delivery.account_id:
                transaction.on_commit(partial(delete_shown, upload_folder(), mention.delivery), robust=True)
    forget_searches(customer)
    erasures.note_erased(customer, subject.key, reason, by)
    audit.note(customer, "person-erased", by, deliveries=len(subject.mentions))
