"""Is the audit log as it was written? Each chain is read from its beginning to its end (`store.audit_chain`)."""

from typing import Final, Literal, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from instroom.store.audit_chain import SITE, content_of, hash_of, is_sealed
from instroom.store.in_parts import in_parts
from instroom.store.models import AuditEntry, AuditHead, Customer

_AT_ONCE: Final = 2000  # entries that a query holds

Fault = Literal["changed", "removed", "added", "end"]
"""What is wrong at a number. "end": the chain does not end as this site wrote it, or its key is a different one now."""


class Verdict(NamedTuple):
    """What became of the verification of a chain."""

    customer: str | None
    """None: of the site."""
    number: int
    """Of the last entry that is right, and its hash."""
    hash: str
    fault: Fault | None = None
    at: int = 0
    """The first number at which it is wrong."""

    @property
    def anchor(self) -> str:
        """The end of the chain, to be kept elsewhere: who shortens or rewrites the chain later is found by it."""
        return f"{self.customer or '-'}:{self.number}:{self.hash}"


def verify(customer: Customer) -> Verdict:
    """Of one customer, from its first entry to its last."""
    return _verdict(customer.pk, customer.name)


def verify_all() -> list[Verdict]:
    """Of the site and of each customer, also of those that are in the log alone."""
    known: dict[UUID, str | None] = {SITE: None, **dict(Customer.objects.order_by("name").values_list("pk", "name"))}
    logged = set(AuditHead.objects.values_list("chain", flat=True))
    logged |= {one or SITE for one in AuditEntry.objects.order_by().values_list("customer", flat=True).distinct()}
    known |= {chain: str(chain) for chain in sorted(logged - set(known))}
    return [_verdict(chain, name) for chain, name in known.items()]


def verify_anchor(customer: Customer | None, number: int, known: str) -> Verdict:
    """Whether a chain still has this hash at this number. What has gone by policy since cannot be told."""
    entries = _entries(customer.pk if customer else SITE)
    entry = entries.filter(number=number).first()
    start = before_first(entries) or (0, "")
    fault: Fault | None = None
    if not entry and number > start[0]:
        fault = "removed"
    elif number >= start[0] and known != (entry.hash if entry else start[1]):
        fault = "changed"
    return Verdict(customer.name if customer else None, number, known, fault, number)


def _verdict(chain: UUID, name: str | None) -> Verdict:
    """What is written in the meantime is verified too: it comes with another end of the chain."""
    entries = _entries(chain)
    before = before_first(entries)
    if before is None:
        first = entries.values_list("number", flat=True)[0]
        return Verdict(name, 0, "", *(("removed", 1) if first > 1 else ("added", first)))
    number, last = before
    known_end = -1
    while True:
        head = AuditHead.objects.filter(chain=chain).first()
        end = head.number if head else 0
        for entry in in_parts(entries.filter(number__gt=number, number__lte=end), "number", _AT_ONCE):
            if entry.number != number + 1:
                fault: Fault = "removed" if entry.number > number else "added"
                return Verdict(name, number, last, fault, min(entry.number, number + 1))
            if entry.hash != hash_of(content_of(entry, entry.number, last)):
                return Verdict(name, number, last, "changed", entry.number)
            number, last = entry.number, entry.hash
        if number < end:
            return Verdict(name, number, last, "removed", number + 1)
        if head and (head.hash != last or not is_sealed(chain, number, last, head.seal)):
            return Verdict(name, number, last, "end", number)
        beyond = entries.filter(number__gt=number).first()
        if beyond is None:
            return Verdict(name, number, last)
        if known_end == end:
            return Verdict(name, number, last, "added", beyond.number)
        known_end = end


def before_first(entries: QuerySet[AuditEntry]) -> tuple[int, str] | None:
    """The number and hash before the first entry; those that went by policy are named in a later one. None where the
    first entry should not be there, or others before it should."""
    first = entries.first()
    if first is None or first.number == 1:
        return 0, ""
    said = entries.filter(action="audit-trimmed", facts__until=first.number - 1).first()
    return (first.number - 1, str(said.facts.get("hash"))) if said and first.number > 1 else None


def _entries(chain: UUID) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(customer=None if chain == SITE else chain).order_by("number")
