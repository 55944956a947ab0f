"""How long a customer's data are kept: what its policies say, and else what the site says (product.md G3)."""

from django.conf import settings

from instroom.core.errors import NotAllowed
from instroom.core.retention import LIMITS, Retention
from instroom.store.models import Customer


def retention_of(customer: Customer | None) -> Retention:
    """The periods of a customer; None: of the site."""
    site: Retention = settings.INSTROOM_RETENTION
    own = customer.policies if customer else {}
    return site._replace(**{name: own[name] for name in LIMITS if name in own})


def refuse_bad_period(name: str, value: object) -> None:
    """Raise NotAllowed where a period of that name cannot be this."""
    least, most = LIMITS[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        if name.endswith("days"):
            raise NotAllowed("policy-days", least=least, most=most)
        raise NotAllowed("policy-months", least=least, most=most)
