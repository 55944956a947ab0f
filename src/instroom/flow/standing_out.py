"""What stands out in the plan of a file, beside the files before it of its connection (product.md D3)."""

from collections.abc import Sequence

from instroom.core.language import Language
from instroom.core.plan.frequent import FrequentValue
from instroom.core.plan.notable import COMPARED, Notable, PlanFigures, figures_of, notables
from instroom.core.report.notable_text import notable_texts
from instroom.flow.absent_persons import absent_persons
from instroom.store.models import Delivery, Environment, Plan
from instroom.store.sql import findings
from instroom.store.states import State


def standing_out(plan: Plan | None) -> list[Notable]:
    """Nothing where there is no plan, or where it is that of an undo."""
    if plan is None or plan.delivery.kind != Delivery.FILE:
        return []
    delivery = plan.delivery
    warned: dict[str, int] = {}
    if delivery.counts.get("warnings"):
        warned = {code: len(rows) for code, rows in findings.rows_of(delivery).warnings.items()}
    return notables(figures_of(plan.totals), warned, _before(delivery), len(absent_persons(plan)))


def frequent_values_of(plan: Plan | None) -> list[FrequentValue]:
    """The new values that many dossiers get, of a file's plan against live. They stand in no mail."""
    if plan is None or plan.delivery.kind != Delivery.FILE:
        return []
    return [FrequentValue(**one) for one in plan.frequent or ()]


def texts_of(found: Sequence[Notable], lang: Language, *, alone: bool = True) -> list[str]:
    return notable_texts([one._asdict() for one in found], lang, alone=alone)


def _before(delivery: Delivery) -> list[PlanFigures]:
    """Of the last files in live before this one, the last one first."""
    files = Delivery.objects.filter(customer=delivery.customer_id, connection=delivery.connection_id)
    files = files.filter(kind=Delivery.FILE, state=State.IMPORTED, number__lt=delivery.number)
    newest = list(files.order_by("-number").values_list("pk", flat=True)[:COMPARED])
    plans = Plan.objects.filter(delivery__in=newest, environment__name=Environment.LIVE, state=Plan.IMPORTED)
    parts = ("delivery", "totals__companies", "totals__persons", "totals__cleared")
    found = {
        pk: figures_of({"companies": companies or {}, "persons": persons or {}, "cleared": cleared or 0})
        for pk, companies, persons, cleared in plans.values_list(*parts)
    }
    return [found[pk] for pk in newest if pk in found]
