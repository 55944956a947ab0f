"""Filters by which templates say what `core.report` says elsewhere, in the language of the page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from instroom.core.fields import Kind
from instroom.core.layout.standard import standard
from instroom.core.report import connection_text, sentences, to_do_text
from instroom.core.report.plan_text import field_label, result_text
from instroom.core.report.text_differences import pieces
from instroom.core.report.visible import visible
from instroom.core.report.words import counted as counted_words
from instroom.core.report.words import named as named_words
from instroom.core.report.words import severity_word, words
from instroom.core.schedule import Schedule
from instroom.core.search.highlight import marked_pieces
from instroom.core.search.question import Question
from instroom.core.wording import phrases
from instroom.core.wording.catalogue import label, role_word, state_word
from instroom.doors.web.file_accounts import switches
from instroom.doors.web.frame.language import current
from instroom.doors.web.webhooks import labels as webhook_labels
from instroom.doors.web.words import labels
from instroom.flow.queries.to_do.thing import Thing
from instroom.store.models import Delivery

_MARK = "<mark>{}</mark>"

register = template.Library()
register.filter(labels.difference_word)
register.filter(labels.decided_by)
register.filter(labels.event_word)
register.filter(switches.failed_attempt)
register.filter(webhook_labels.event_title)
register.filter(webhook_labels.came_of)


@register.filter
def number(value: int) -> str:
    """10.000 or 10,000."""
    return phrases.number(value, current())


@register.filter
def size(value: int) -> str:
    """A number of bytes as people read it."""
    return phrases.size(value, current())


@register.filter
def marked(line: Any, which: Literal["old", "new"]) -> SafeString:
    """The old or the new value of a changed one, with marks where the other is slightly different; – where blank."""
    old, new = pieces(line.old, line.new)
    shown = ((_MARK if differs else "{}", text) for text, differs in (old if which == "old" else new))
    return SafeString("".join(format_html(piece, text) for piece, text in shown) or "–")


@register.filter
def counted(amount: int, name: str) -> str:
    """`3 bedrijven`: a name of the words' `counted`."""
    return counted_words(amount, name, current())


@register.filter
def result(totals: Mapping[str, Any]) -> str:
    """`6 nieuw, 301 gewijzigd`: what a plan does, by its totals."""
    return result_text(totals, current())


@register.filter
def named(amount: int, name: str) -> str:
    """`bedrijven`: what so many of a name of the words' `counted` are called."""
    return named_words(amount, name, current())


@register.filter
def state(value: str) -> str:
    return state_word(value, current())


@register.filter
def severity(value: str) -> str:
    return severity_word(value, current())


@register.filter
def role(value: str) -> str:
    return role_word(value, current())


@register.filter
def verdict(value: str) -> str:
    """A file's verdict, or `rejected`."""
    return str(words(current())["verdict"][value])


@register.filter
def outcome(value: str) -> str:
    """An action or a link of a plan, or its state."""
    return str(words(current())["outcome"][value])


@register.filter
def outcome_of(value: str, delivery: Delivery) -> str:
    """As `outcome`, of a delivery; an undo restores and brings back, where a file changes and makes."""
    undone = labels.UNDONE.get(value) if delivery.undoes_id else None
    return str(undone) if undone else outcome(value)


@register.filter
def delivery_title(delivery: Delivery) -> str:
    """The name of its file; of an undo, what it undoes."""
    name = visible(delivery.file_name, 200)
    if delivery.only_dossier:
        return _("Restoring one dossier of %(name)s") % {"name": name}
    return _("Undo of %(name)s") % {"name": name} if delivery.undoes_id else name


@register.filter
def sought(text: str, question: Question) -> SafeString:
    """A text of a list, with marks where it is what was sought."""
    found = ((format_html(_MARK, piece) if met else piece,) for met, piece in marked_pieces(shown(text), question))
    return format_html_join("", "{}", found)


@register.filter
def field_word(field: str, kind: Kind) -> str:
    """What people call a field of a dossier."""
    return field_label(kind, field, standard(), current())


@register.filter
def kind_word(kind: str) -> str:
    """`bedrijf` or `persoon`."""
    return named_words(1, kind, current())


@register.filter
def finding_title(code: str) -> str:
    return sentences.title(code, current())


@register.filter
def schedule(value: Schedule) -> str:
    return connection_text.schedule_text(value, current())


@register.filter
def on_closed(value: str) -> str:
    """What becomes of a time of a connection on a closing day."""
    return connection_text.on_closed_text(value, current())


@register.filter
def mail_kind(value: str) -> str:
    """What a mail is about."""
    return label("mail", value, current())


@register.filter
def month_day(value: str) -> str:
    """A day of the month: 1 to 31, or one that has a name."""
    return str(labels.MONTH_DAYS.get(value, value))


@register.filter
def guard(value: str) -> str:
    """What a guard looks at."""
    return connection_text.guard_word(value, current())


@register.filter
def exceeded(facts: Mapping[str, Any]) -> str:
    """Why a guard holds a delivery, in numbers."""
    return connection_text.exceeded_text(facts, current())


@register.filter
def night(outcome: str) -> str:
    """What became of one time of a connection."""
    return connection_text.night_word(outcome, current())


@register.filter
def what_to_do(thing: Thing) -> str:
    """What is the matter with a thing to do."""
    return to_do_text.what_text(thing.kind, thing.about, thing.facts, current())


@register.filter
def verb_to_do(thing: Thing) -> str:
    """What a person does about it."""
    return to_do_text.verb_text(thing.kind, current())


@register.filter
def kind_to_do(kind: str) -> str:
    return to_do_text.kind_word(kind, current())


@register.filter
def weekday(value: int) -> str:
    """A day of the week; 0 is Monday."""
    return connection_text.weekday_word(value, current())


@register.filter
def moment_in(at: datetime, zone: str) -> str:
    """dinsdag 4 mei 2027, 01:00, on the clock of a time zone."""
    return date_format(at.astimezone(ZoneInfo(zone)), "l j F Y, H:i")


@register.filter
def shown(text: object, length: int = 200) -> str:
    """Somebody else's text with its invisible characters shown, and cut."""
    return visible(str(text), length)


@register.filter
def at_colons(text: str) -> str:
    """A text that may go on in a new line after each of its colons, as a fingerprint is read."""
    return format_html_join(SafeString(":<wbr>"), "{}", ([part] for part in text.split(":")))


@register.filter
def moment(at: datetime | None) -> str:
    """22 november 2030, 14:05, on the clock of this site."""
    return date_format(timezone.localtime(at), "j F Y, H:i") if at else ""


@register.filter
def age(at: datetime) -> str:
    minutes = max(int((timezone.now() - at).total_seconds()) // 60, 0)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    if minutes < 60 * 24:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", minutes // 60) % {"n": minutes // 60}
    days = minutes // (60 * 24)
    return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}


@register.filter
def moment_in_seconds(at: datetime) -> str:
    """22 november 2030, 14:05:09: for a list in which seconds matter."""
    return date_format(timezone.localtime(at), "j F Y, H:i:s")


@register.filter
def duration(seconds: float) -> str:
    """How long something took: < 0,1 s, 0,4 s, 12 s, 3 min."""
    if seconds < 10:
        return f"{'< ' if seconds < 0.1 else ''}{number_format(max(seconds, 0.1), 1)} s"
    return f"{round(seconds)} s" if seconds < 120 else f"{round(seconds / 60)} min"


@register.filter
def delivery_outcome(name: str) -> str:
    """What has become of deliveries, in an operator's figures."""
    return str(labels.OUTCOMES[name])


@register.filter
def step_word(name: str) -> str:
    """A step in which we work on a delivery."""
    return str(labels.STEPS[name])


@register.filter
def day(text: str) -> str:
    """A canonical date as people write it."""
    return phrases.day(text)


@register.filter
def get(values: Mapping[str, Any], name: str) -> Any:
    """A value by a name that the template does not know beforehand; "" where there is none."""
    return values.get(name, "")
