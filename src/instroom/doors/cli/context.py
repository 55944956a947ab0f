"""What holds for any command, known before the command line is parsed: also a usage error has a language and a form."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from instroom.core.errors import SettingsError
from instroom.core.language import LANGUAGES, Language


class Invocation(NamedTuple):
    """How the person called: in which language, for a program or not."""

    lang: Language
    json: bool
    """Standard output holds one JSON document and nothing else."""
    debug: bool
    """Show where the program broke."""
    wrong_setting: SettingsError | None = None


def invocation_of(arguments: Sequence[str], environment: Mapping[str, str]) -> Invocation:
    """Language, form and --debug from the arguments, else from the environment; Dutch where nothing is said."""
    named = value_of("--lang", arguments) or environment.get("INSTROOM_LANG") or "nl"
    wrong = None
    if environment.get("INSTROOM_LANG", "nl") not in ("", *LANGUAGES):
        wrong = SettingsError("setting-language")
    return Invocation(
        lang="en" if named == "en" else "nl",
        json=value_of("--format", arguments) == "json",
        debug="--debug" in arguments or environment.get("INSTROOM_DEBUG", "") not in ("", "0"),
        wrong_setting=wrong,
    )


def value_of(option: str, arguments: Sequence[str]) -> str | None:
    """The last value given for an option, as `--option value` or `--option=value`."""
    value = None
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == option and place + 1 < len(arguments):
            value = arguments[place + 1]
        elif argument.startswith(f"{option}="):
            value = argument.partition("=")[2]
    return value
