"""What the command line itself says, in Dutch and English. What is said about a file is worded in `core.report`."""

from typing import Final

from instroom.doors.cli.asked import Lang

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "broken": (
        "Instroom kon dit niet afmaken ({kind}). Dat ligt niet aan u; met --debug erbij ziet u waar het misging.",
        "Instroom could not finish this ({kind}). That is not your doing; add --debug to see where it broke.",
    ),
    "no-such-file": ("Er is geen bestand {name}.", "There is no file {name}."),
    "is-a-folder": ("{name} is een map, geen bestand.", "{name} is a folder, not a file."),
    "not-readable": ("{name} kan niet worden gelezen: {reason}.", "{name} cannot be read: {reason}."),
    "no-such-folder": ("Er is geen map {name} om in te schrijven.", "There is no folder {name} to write in."),
    "not-writable": ("{name} kan niet worden geschreven: {reason}.", "{name} cannot be written: {reason}."),
    "same-file": (
        "{name} is het aangeleverde bestand zelf; dat blijft zoals het is. Kies een andere naam.",
        "{name} is the delivered file itself, which stays as it is. Choose another name.",
    ),
    "two-outputs": (
        "Twee resultaten zouden in hetzelfde bestand komen: {name}.",
        "Two results would go to the same file: {name}.",
    ),
    "suffix": ("{name}: de naam moet eindigen op {suffixes}.", "{name}: the name must end in {suffixes}."),
    "exists": (
        "{name} bestaat al en blijft zoals het is. Kies met -o een naam.",
        "{name} exists already and stays as it is. Choose a name with -o.",
    ),
    "layout": ("Deze indeling kan niet worden gebruikt: {reason}.", "This layout cannot be used: {reason}."),
    "written": ("Geschreven: {name}", "Written: {name}"),
    "nothing-rejected": (
        "Er zijn geen afgekeurde regels om te schrijven; {name} is niet geschreven.",
        "There are no rejected records to write; {name} was not written.",
    ),
    "template-name": ("instroom-sjabloon.xlsx", "instroom-template.xlsx"),
    "usage-help": ("Uitleg: {command} --help", "Help: {command} --help"),
    "usage-no-such-option": ("De optie {name} bestaat niet.", "There is no option {name}."),
    "usage-no-such-command": ("Het commando {name} bestaat niet.", "There is no command {name}."),
    "usage-near": ("Bedoelt u {names}?", "Do you mean {names}?"),
    "usage-missing": ("Er ontbreekt iets: {name}.", "Something is missing: {name}."),
    "usage-needs-value": ("De optie {name} heeft een waarde nodig.", "The option {name} needs a value."),
    "usage-extra": ("Dit is te veel: {extra}.", "This is too much: {extra}."),
    "usage-choice": ("{name}: kies uit {choices}.", "{name}: choose from {choices}."),
    "usage-number": (
        "{name}: een geheel getal van {least} tot en met {most}.",
        "{name}: a whole number from {least} to {most}.",
    ),
    "usage-bad-value": ("{name} kan zo niet: {message}", "{name} cannot be so: {message}"),
    "usage-other": ("Zo kan het commando niet: {message}", "The command cannot be so: {message}"),
}


def phrase(code: str, lang: Lang, **facts: object) -> str:
    """A phrase in the language, with its named places filled."""
    return PHRASES[code][0 if lang == "nl" else 1].format(**facts)
