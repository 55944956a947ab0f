"""Makes training equal to live (product.md D2)."""

from django.db import transaction

from instroom.core.errors import NotAllowed
from instroom.core.report.words import state_word
from instroom.flow import audit, find, permissions
from instroom.store import copying
from instroom.store.locks import environment_lock
from instroom.store.models import Delivery, Environment, Plan


def refresh_training(customer: str, by: str) -> dict[str, int]:
    """Replace training's dossiers by copies of live's, and make their counts known.

    What was imported in training only is gone from it, so those imports can no longer be undone there. Raises NotFound
    and NotAllowed, also while a delivery is on its way through training.
    """
    owner = find.customer(customer)
    user = permissions.person(by, "refresh", owner)
    training, live = (find.environment(owner, name) for name in (Environment.TRAINING, Environment.LIVE))
    with environment_lock(training.id), environment_lock(live.id), transaction.atomic():
        if busy := Delivery.objects.filter(customer=owner, state__in=("checking", "training")).first():
            raise NotAllowed(
                f"Delivery {busy.pk} is {busy.state}: refresh when it is through.",
                f"Aanlevering {busy.pk} is '{state_word(busy.state, 'nl')}': ververs als ze klaar is.",
            )
        counts = copying.copy_dossiers(live.id.hex, training.id.hex)
        Plan.objects.filter(environment=training, state=Plan.IMPORTED).update(state=Plan.DROPPED)
        audit.note(owner, "training-refreshed", user, counts=counts)
    return counts
