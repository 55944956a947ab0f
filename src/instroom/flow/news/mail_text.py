"""What a mail says: sentences per language (`mails.nl.toml`), in a frame as text and one as HTML.

The facts are names of files, customers and people who work with Instroom, and counts: never values of a dossier
(product.md E4).
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.template import Context, Engine, Template

from instroom.core.language import Language
from instroom.core.report.visible import visible
from instroom.core.wording.catalogue import Catalogue
from instroom.flow.institute import HelpDesk, help_desk, institute
from instroom.flow.news.links import help_part
from instroom.store.models import Customer

_FOLDER: Final = Path(__file__).parent
MAILS: Final = Catalogue(_FOLDER, "mails")
"""Kind → its sentences; and the words that several kinds use."""
_SUBJECT: Final = 150
_FACT: Final = 500


class MailText(NamedTuple):
    """A mail in one language."""

    subject: str
    text: str
    html: str


def render(
    kind: str,
    language: Language,
    facts: Mapping[str, Any],
    parts: Sequence[Mapping[str, Any]] = (),
    *,
    customer: Customer | None = None,
) -> MailText:
    """The mail of this kind, with `parts` of other mails, as `sentences` makes them, below what it says itself. It is
    signed by the institute, with whom the customer asks for help."""
    desk, ends = help_desk(institute(), customer), MAILS.texts(language)["frame"]
    context = {"lang": language, "parts": parts, "ends": ends, "desk": desk, "help": help_part(kind)}
    context |= sentences(kind, language, facts) | {"end": _end(desk, language)}
    text = _frame("frame.txt").render(Context(context, autoescape=False))
    return MailText(context["subject"], text, _frame("frame.html").render(Context(context)))


def sentences(kind: str, language: Language, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What a mail of this kind says. `facts` fill its sentences; `link` is where its button leads, and `lines`, a list,
    stands below them. Control characters in a fact are shown, never obeyed: a file's name is its sender's."""
    told = MAILS.texts(language)[kind]
    shown = {name: visible(str(value), _FACT) for name, value in facts.items()}
    return {
        "subject": visible(told["subject"].format_map(shown), _SUBJECT),
        "sentences": [line.format_map(shown) for line in told["sentences"]],
        "lines": [visible(str(line), _FACT) for line in facts.get("lines", ())],
        "action": told.get("action", ""),
        "link": facts.get("link", ""),
    }


def _end(desk: HelpDesk, language: Language) -> str:
    """Who sent it, and where an answer goes: `mailing` makes that so."""
    ends = MAILS.texts(language)["frame"]
    end = ends["end-of-institute"].format(institute=desk.institute) if desk.institute else ends["end"]
    return f"{end} {ends['answers'].format(email=desk.email) if desk.email else ends['no-answers']}"


@cache
def _frame(name: str) -> Template:
    return Engine(dirs=[str(_FOLDER)]).get_template(name)
