"""After the restore of an older backup: who was erased since is erased again, by the register beside the files."""

import logging
from typing import Final

from instroom.flow import erasures
from instroom.flow.privacy.data_subject import persons_named
from instroom.flow.privacy.erasing import erase
from instroom.store.models import Customer, Erasure

_log: Final = logging.getLogger(__name__)


def apply_register() -> int:
    """Erase whom the copy has and the database lacks; add to the copy what it lacks. Gives how many persons.

    What the database knows already costs one query.
    """
    last = {(one.customer, one.person): one for one in erasures.registered()}
    known = {(row.customer_id, row.person): row for row in Erasure.objects.all()}
    missing = [
        one for name, one in last.items()
        if one.admitted_at is None and (name not in known or known[name].erased_at < one.erased_at)
    ]  # fmt: skip
    erased = 0
    for customer in Customer.objects.filter(pk__in={one.customer for one in missing}, move=None):
        wanted = {one.person for one in missing if one.customer == customer.pk}
        for person, hashed in erasures.hashes_of(customer, persons_named(customer)).items():
            if hashed in wanted:
                erase(customer, person[1], person[0], "", by=None)
                wanted.remove(hashed)
                erased += 1
        erasures.note_hashes(customer, wanted)
    for customer in Customer.objects.filter(pk__in={customer for customer, _ in known}):
        erasures.write_missing(customer)
    if erased:
        _log.warning("%d persons whom a restored database brought back have been erased again", erased)
    return erased
