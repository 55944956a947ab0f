"""What the command line itself says, in Dutch and English. What is said about a file is worded in `core.report`."""

from typing import Final

from instroom.core.language import Language
from instroom.doors.cli.output.messages_admin import MANAGING

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "broken": (
        "Instroom kon dit niet afmaken ({kind}). Dat ligt niet aan u; met --debug erbij ziet u waar het misging.",
        "Instroom could not finish this ({kind}). That is not your doing; add --debug to see where it broke.",
    ),
    "system": (
        "Instroom kon dit niet afmaken; het systeem meldt: {reason}."
        " Kijk of er ruimte op de schijf is, en of er gelezen en geschreven mag worden.",
        "Instroom could not finish this; the system says: {reason}."
        " See whether the disk has room, and whether it may be read and written.",
    ),
    "home-is-a-file": (
        "INSTROOM_HOME moet een map zijn, en {name} is of ligt in een bestand. Kies een andere map.",
        "INSTROOM_HOME must be a folder, and {name} is or lies in a file. Choose another folder.",
    ),
    "home-not-usable": (
        "De map {name} (INSTROOM_HOME) is niet te gebruiken; het systeem meldt: {reason}. Geef Instroom het recht om er"
        " te lezen en te schrijven, of kies een andere map.",
        "The folder {name} (INSTROOM_HOME) cannot be used; the system says: {reason}. Give Instroom the right to read"
        " and write there, or choose another folder.",
    ),
    "database-unreachable": (
        "De database {name} (INSTROOM_DATABASE_URL) is niet te bereiken. Kijk of de server draait, en of adres,"
        " gebruiker en wachtwoord kloppen.",
        "The database {name} (INSTROOM_DATABASE_URL) cannot be reached. See whether the server runs, and whether"
        " address, user and password are right.",
    ),
    "database-damaged": (
        "{name} is beschadigd of is geen database."
        " Zet een reservekopie terug, of kies met INSTROOM_HOME een andere map.",
        "{name} is damaged or is no database. Put a backup in its place, or choose another folder with INSTROOM_HOME.",
    ),
    "database-not-usable": (
        "De database {name} kan niet worden gelezen of geschreven. Kijk of er ruimte op de schijf is, en of Instroom in"
        " de map van INSTROOM_HOME mag schrijven.",
        "The database {name} cannot be read or written. See whether the disk has room, and whether Instroom may"
        " write in the folder of INSTROOM_HOME.",
    ),
    "database-busy": (
        "De database {name} is te lang door een ander bezet. Probeer het straks opnieuw.",
        "The database {name} was in use by another for too long. Try again later.",
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
    "derive": (
        "Hieruit is geen indeling af te leiden: {reason}.",
        "No layout can be derived from this: {reason}.",
    ),
    "written": ("Geschreven: {name}", "Written: {name}"),
    "nothing-rejected": (
        "Er zijn geen afgekeurde regels om te schrijven; {name} is niet geschreven.",
        "There are no rejected records to write; {name} was not written.",
    ),
    "not-held": (
        "Niet in {name}, omdat dat bestand ze niet kan bevatten zoals ze zijn: {count} (regel {rows}).",
        "Not in {name}, since that file cannot hold them as they are: {count} (row {rows}).",
    ),
    "not-held-choose": ("Met .csv krijgt u ze wel.", "With .csv you get them."),
    "annotate-too": (
        "Met --annotate UIT.xlsx krijgt u uw bestand terug met de fouten erin.",
        "With --annotate OUT.xlsx you get your file back with its faults marked.",
    ),
    "template-name": ("instroom-sjabloon.xlsx", "instroom-template.xlsx"),
    "no-database": (
        "Er is nog geen database ({name}). Maak er een met: instroom init",
        "There is no database yet ({name}). Make one with: instroom init",
    ),
    "old-database": (
        "De database {name} is niet van deze versie. Werk haar bij met: instroom init",
        "The database {name} is not of this version. Bring it up to date with: instroom init",
    ),
    "made": (
        "De database {name} en de klant demo zijn gemaakt, met de gebruikers {users}.",
        "The database {name} and the customer demo have been made, with the users {users}.",
    ),
    "made-next": (
        "Nu kunt u:\n"
        "  instroom template --example -o personen.csv   een voorbeeld om aan te leveren\n"
        "  instroom deliver personen.csv                 controleren, in training zetten, en klaarzetten voor live\n"
        "  instroom demo                                 de hele weg laten zien, in een map die weer weggaat",
        "Now you can:\n"
        "  instroom template --example -o personen.csv   get an example to deliver\n"
        "  instroom deliver personen.csv                 check it, import it in training, and plan it for live\n"
        "  instroom demo                                 see the whole way, in a folder that goes again",
    ),
    "made-before": (
        "De database {name} is bij; de klant demo was er al.",
        "The database {name} is up to date; the customer demo was there already.",
    ),
    "not-empty": (
        "De map {name} is niet leeg; kies een lege of een nieuwe.",
        "The folder {name} is not empty; choose an empty or a new one.",
    ),
    "demo-failed": (
        "De demo is gestopt: stap {step} gaf niet wat die moet geven.",
        "The demo has stopped: step {step} did not give what it must.",
    ),
    "no-moment": (
        "{text} is geen tijdstip; schrijf now, 20:00 of '31-12-2030 20:00'.",
        "{text} is no time; write now, 20:00 or '2030-12-31 20:00'.",
    ),
    "gone-by": ("Het tijdstip {text} is al voorbij.", "The time {text} has gone by already."),
    "no-reason": (
        'Bij niet akkoord hoort een reden: --reason "…".',
        'A refusal takes a reason: --reason "…".',
    ),
    "delivery-head": ("Aanlevering {id} van {customer}: {file}", "Delivery {id} of {customer}: {file}"),
    "undo-head": (
        "Aanlevering {id} van {customer}: draait {undoes} terug ({file})",
        "Delivery {id} of {customer}: undoes {undoes} ({file})",
    ),
    "state": ("Toestand: {state}", "State: {state}"),
    "reason-file": ("het bestand is zo niet te gebruiken", "the file cannot be used like this"),
    "reason-errors": (
        "er zijn fouten, en dan wordt er niets van het bestand geïmporteerd",
        "there are errors, and then nothing of the file is imported",
    ),
    "reason-skip-limit": (
        "er zouden meer regels weggelaten worden dan is toegestaan",
        "more records would be left out than is allowed",
    ),
    "reason-moved": (
        "in live is intussen iets veranderd, zodat het plan anders is geworden; bekijk het opnieuw",
        "live has changed meanwhile, such that the plan is another one; look at it again",
    ),
    "reason-stale": (
        "hetzelfde bestand als de vorige keer; er wordt niets van geïmporteerd",
        "the same file as last time; nothing of it is imported",
    ),
    "reason-guards": (
        "het wijkt meer af dan zonder akkoord mag",
        "it differs more than it may without an approval",
    ),
    "reason-standing-ended": (
        "het doorlopend akkoord is intussen beëindigd; een mens beslist",
        "the standing approval has ended meanwhile; a person decides",
    ),
    "waits-for-hour": (
        "wacht op het tijdstip van de koppeling",
        "waits for the time of its connection",
    ),
    "waits-for-name": (
        "geen koppeling van dit account heeft deze bestandsnaam; het bestand is bewaard",
        "no connection of this account has this file name; the file is kept",
    ),
    "step-take": ("Niet langer wachten:", "To wait no longer:"),
    "moved": (
        "Sinds het akkoord: {added} erbij gekomen, {different} anders geworden, {gone} niet meer nodig.",
        "Since the approval: {added} added, {different} different, {gone} no longer needed.",
    ),
    "moved-added": ("Erbij gekomen", "Added"),
    "moved-different": ("Anders geworden", "Different"),
    "moved-gone": ("Niet meer nodig", "No longer needed"),
    "moved-approved": ("In het goedgekeurde plan:", "In the approved plan:"),
    "moved-now": ("Nu:", "Now:"),
    "moved-nothing": ("Er wacht geen plan dat anders is geworden.", "No plan waits that has become another one."),
    "version": ("Versie {number} van {count}; hiervoor: {before}", "Version {number} of {count}; before it: {before}"),
    "version-first": ("Versie 1 van {count}; de nieuwste: {newest}", "Version 1 of {count}; the newest: {newest}"),
    "scheduled": ("in live vanaf {at}", "in live from {at}"),
    "step-correct": ("Hersteld bestand aanleveren:", "To deliver the corrected file:"),
    "step-moved": ("Wat er is veranderd:", "What moved:"),
    "corrected-name": ("hersteld.xlsx", "corrected.xlsx"),
    "reason-attempts": ("het is te vaak misgegaan", "it has gone wrong too often"),
    "dropped": ("niet meer in training: die is ververst", "no longer in training, which was refreshed"),
    "wanting-company": (
        "Waarvan weggelaten omdat het bedrijf in training ontbreekt: {count}. Verversen: instroom refresh-training",
        "Of which left out as training lacks the company: {count}. To refresh: instroom refresh-training",
    ),
    "kept": (
        "Blijft zoals het is, want het is sindsdien gewijzigd: {who}: {fields}",
        "Stays as it is, since it has changed meanwhile: {who}: {fields}",
    ),
    "kept-whole-company": (
        "Blijft zoals het is, want het is sindsdien gewijzigd of in gebruik (er zijn personen aan gekoppeld):"
        " bedrijf {who}",
        "Stays as it is, since it has changed meanwhile or is in use (persons are linked to it): company {who}",
    ),
    "kept-whole-person": (
        "Blijft zoals het is, want het is sindsdien gewijzigd: persoon {who}",
        "Stays as it is, since it has changed meanwhile: person {who}",
    ),
    "kept-company": ("de koppeling met een bedrijf", "the link with a company"),
    "kept-categories": ("categorieën", "categories"),
    "kept-free_fields": ("vrije velden", "free fields"),
    "not-in-file": (
        "Niet in dit bestand, en blijft zoals het is: {companies} en {persons}",
        "Not in this file, and stays as it is: {companies} and {persons}",
    ),
    "no-changes": ("Er verandert niets.", "Nothing changes."),
    "more-changes": (
        "En nog {count} dossiers. Alles: {command}",
        "And {count} more dossiers. All of them: {command}",
    ),
    "no-deliveries": ("Er zijn geen aanleveringen.", "There are no deliveries."),
    "step-show": ("Veld voor veld:", "Field by field:"),
    "step-approve": ("Akkoord geven:", "To approve:"),
    "step-refuse": ("Niet akkoord:", "To refuse:"),
    "annotated-name": ("uit.xlsx", "out.xlsx"),
    "step-annotate": ("Bestand met de fouten erin:", "File with its faults marked:"),
    "exported": ("Regels geschreven: {rows}", "Rows written: {rows}"),
    "shortened": (
        "Dossiers met meer categorieën of vrije velden dan er kolommen zijn: {count}; daarvan staan de eerste erin.",
        "Dossiers with more categories or free fields than there are columns: {count}; the first of them are given.",
    ),
    "refreshed": (
        "Training is nu gelijk aan live: {companies} en {persons}.",
        "Training is now equal to live: {companies} and {persons}.",
    ),
    "persons": ("Personen: {count}", "Persons: {count}"),
    "company": ("Bedrijf: {name} ({id})", "Company: {name} ({id})"),
    "private": ("Particulier: bij geen bedrijf", "Private person: with no company"),
    "history": ("{at}, aanlevering {delivery}", "{at}, delivery {delivery}"),
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
    **MANAGING,
}


def phrase(code: str, lang: Language, **facts: object) -> str:
    """A phrase in the language, with its named places filled."""
    return PHRASES[code][0 if lang == "nl" else 1].format(**facts)
