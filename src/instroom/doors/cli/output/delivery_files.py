"""The reports of a delivery as files, with what only live could tell of it (product.md C4, D2)."""

from instroom.core.errors import InstroomError
from instroom.core.language import Language
from instroom.doors.cli.context import Invocation
from instroom.doors.cli.output.failures import failure_of
from instroom.doors.cli.output.reports import Targets, write_reports
from instroom.doors.cli.output.streams import say
from instroom.doors.cli.wrong_use import WrongUse
from instroom.flow.delivery.answer import answer_of
from instroom.store.models import Delivery


def write_delivery_reports(targets: Targets, delivery: Delivery, lang: Language) -> None:
    """Write those that are asked for. Raises what `answer_of` raises, and WrongUse where one cannot be written."""
    if targets:
        made = answer_of(delivery, at_once=True)
        write_reports(
            targets,
            lambda kind, target: made.write(kind, target, lang),
            lambda kind, target: made.rows_not_held(kind, target.suffix.lower()),
            lang,
        )


def try_to_write_reports(targets: Targets, delivery: Delivery, invocation: Invocation) -> int:
    """As above, for a delivery that was just made: it stands whatever becomes of its reports, so a failure is said and
    no more. Gives the exit code of that; 0 where all went well."""
    try:
        write_delivery_reports(targets, delivery, invocation.lang)
    except (WrongUse, InstroomError) as error:
        failure = failure_of(error, invocation)
        say(failure.sentence)
        return failure.exit_code
    return 0
