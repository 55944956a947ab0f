"""What is said of connections: schedules, states, and why a guard holds a delivery, in Dutch and English."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from instroom.core.language import Language
from instroom.core.report.words import words
from instroom.core.schedule import Schedule
from instroom.core.wording.catalogue import label
from instroom.core.wording.phrases import listed, moment, number

_DAYS: Final[dict[Language, tuple[str, ...]]] = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_LATE_DAY: Final = 29  # from this day on, a month may do without


def weekday_word(weekday: int, lang: Language) -> str:
    """The name of a day of the week; 0 is Monday."""
    return _DAYS[lang][weekday]


def schedule_text(schedule: Schedule, lang: Language) -> str:
    """A schedule as people say it."""
    return str(words(lang)["schedule"][_pattern(schedule)]).format(
        at=listed([f"{at:%H:%M}" for at in schedule.times], lang, limit=len(schedule.times)),
        weekday=listed([weekday_word(day, lang) for day in schedule.weekdays], lang),
        day=schedule.day,
    )


def _pattern(schedule: Schedule) -> str:
    """The name of the sentence."""
    if schedule.kind != "monthly":
        return schedule.kind
    if isinstance(schedule.day, int):
        return "monthly_late" if schedule.day >= _LATE_DAY else "monthly"
    return f"monthly_{schedule.day}"


def on_closed_text(on_closed: str, lang: Language) -> str:
    """What becomes of a time on a closing day."""
    return str(words(lang)["on_closed"][on_closed])


def connection_word(state: str, lang: Language) -> str:
    """A connection's state as people read it."""
    return str(words(lang)["connection"][state])


def night_word(outcome: str, lang: Language) -> str:
    """What became of one time of a connection."""
    return str(words(lang)["night"][outcome])


def guard_word(name: str, lang: Language) -> str:
    """What a guard looks at."""
    return str(words(lang)["guard"][name])


def mails_texts(
    people: Sequence[str], off: Sequence[str], overview_at: str, at_once: Sequence[str], lang: Language
) -> list[str]:
    """Who gets which mails of a connection, and when, in a few lines. Kinds are as the labels of `mail` word them."""
    texts, kinds = words(lang)["mails"], {kind: label("mail", kind, lang) for kind in (*off, *at_once)}
    lines = [texts["people"].format(people=listed(people, lang)) if people else texts["everybody"]]
    if off:
        lines.append(texts["off"].format(kinds=listed([kinds[kind] for kind in off], lang, limit=len(off))))
    if overview_at:
        urgent = listed([kinds[kind] for kind in at_once], lang, limit=len(at_once))
        lines.append(texts["overview" if at_once else "overview_of_all"].format(at=overview_at, kinds=urgent))
    return lines


def exceeded_text(facts: Mapping[str, Any], lang: Language) -> str:
    """Why a guard holds a delivery, in numbers. `facts` are those of `core.plan.guards.Exceeded`, older ones without
    `since`."""
    count, of = facts["number"], facts["of"]
    percent = number(round(100 * count / of, 1), lang) if of else "–"
    since = facts.get("since")
    return str(words(lang)["exceeded_since" if since else "exceeded"][facts["guard"]]).format(
        since=moment(datetime.fromisoformat(since), lang) if since else "",
        deliveries=facts.get("deliveries", 1),
        count=number(count, lang),
        of=number(of, lang),
        percent=percent.removesuffix(",0" if lang == "nl" else ".0"),
        now=number(of - count, lang),
        most_percent=facts["most_percent"],
        most_count=number(facts["most_number"], lang),
    )
