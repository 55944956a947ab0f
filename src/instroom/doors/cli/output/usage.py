"""Usage errors of the argument parser in the person's own language."""

import re

import click

from instroom.core.language import Language
from instroom.doors.cli.output.words import phrase


def usage_sentence(error: click.UsageError, lang: Language) -> str:
    """What was wrong with the command line, and how to ask for help."""
    command = error.ctx.command_path if error.ctx else "instroom"
    return f"{_fault(error, lang)}\n{phrase('usage-help', lang, command=command)}"


def _fault(error: click.UsageError, lang: Language) -> str:
    match error:
        case click.NoSuchOption():
            return phrase("usage-no-such-option", lang, name=error.option_name) + _near(error.possibilities, lang)
        case click.exceptions.NoSuchCommand():
            return phrase("usage-no-such-command", lang, name=error.command_name) + _near(error.possibilities, lang)
        case click.MissingParameter(param=click.Option()):
            return phrase("usage-missing-option", lang, name=_name(error))
        case click.MissingParameter():
            return phrase("usage-missing-argument", lang, name=_name(error))
        case click.BadParameter():
            return _bad_value(error, lang)
        case click.BadOptionUsage():
            return phrase("usage-needs-value", lang, name=error.option_name)
    if extra := re.fullmatch(r"Got unexpected extra arguments? \((.*)\)", error.message):
        return phrase("usage-extra", lang, extra=extra[1])
    return phrase("usage-other", lang, message=error.message)


def _near(possibilities: list[str] | None, lang: Language) -> str:
    return " " + phrase("usage-near", lang, names=possibilities) if possibilities else ""


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return "?"
    return error.param.opts[0] if isinstance(error.param, click.Option) else error.param.make_metavar(error.ctx)  # type: ignore[arg-type]


def _bad_value(error: click.BadParameter, lang: Language) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return phrase("usage-choice", lang, name=_name(error), choices=[str(one) for one in kind.choices])
    if isinstance(kind, click.IntRange):
        return phrase("usage-number", lang, name=_name(error), least=kind.min, most=kind.max)
    if kind is click.UUID:
        return phrase("usage-id", lang, name=_name(error))
    return phrase("usage-bad-value", lang, name=_name(error), message=error.message)
