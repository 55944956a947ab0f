"""What the demo tells, in Dutch and English."""

from typing import Final

from instroom.core.language import Language

TOLD: Final[dict[str, tuple[str, str]]] = {
    "start": (
        "Dit is de hele weg van een aanlevering, met voorbeeldgegevens van niemand. Alles gebeurt in de map\n{folder}",
        "This is the whole way of a delivery, with example data of nobody. Everything happens in the folder\n{folder}",
    ),
    "init": (
        "Een plek voor de dossiers: een database in één bestand, en een klant 'demo'.",
        "A place for the dossiers: a database in one file, and a customer 'demo'.",
    ),
    "template": (
        "Een sjabloon om in te vullen, en een voorbeeld dat al is ingevuld.",
        "A template to fill in, and an example that is filled in already.",
    ),
    "mistake": (
        "Eerst een bestand met een fout: iemand heeft een datum verkeerd getypt. Controleren kan op elke computer.",
        "First a file with a fault: somebody mistyped a date. It can be checked on any computer.",
    ),
    "check": ("Het voorbeeld zelf is in orde.", "The example itself is in order."),
    "account": (
        "Het programma van de klant levert aan met een account van de bestandsserver.",
        "The customer's program delivers with an account of the file server.",
    ),
    "ftpes": (
        "Aanleveren over FTPES, bij een server die nu even draait. Het antwoord komt terug in dezelfde map.",
        "To deliver over FTPES, to a server that runs for a moment. The answer comes back in the same directory.",
    ),
    "deliver": (
        "Het kwam meteen in training; voor live staat klaar wat er zou gebeuren, en dat wacht op akkoord.",
        "It went to training at once; for live it says what would happen, and that awaits approval.",
    ),
    "approve": (
        "Akkoord: nu gebeurt in live precies wat er stond.",
        "Approved: now exactly what was shown happens in live.",
    ),
    "second": (
        "Een maand later komt de volgende levering: een gewijzigd nummer, iemand die bij een ander bedrijf werkt,\n"
        "iemand die nu particulier is, en een nieuwe persoon.",
        "A month later comes the next delivery: a changed number, somebody who works for another company,\n"
        "somebody who is a private person now, and a new person.",
    ),
    "show": ("Wat zou dit in live doen? Veld voor veld.", "What would this do in live? Field by field."),
    "approve-second": ("Akkoord.", "Approved."),
    "dossier": (
        "Een dossier, met wat elke aanlevering eraan heeft veranderd.",
        "A dossier, with what each delivery changed in it.",
    ),
    "undo": (
        "Dat had niet gemoeten: terugdraaien. Ook dat is een aanlevering, die u eerst ziet en dan pas goedkeurt.",
        "That should not have been: to undo it. That is a delivery too, which you see first and then approve.",
    ),
    "approve-undo": ("Akkoord: live is weer zoals het was.", "Approved: live is as it was."),
    "export": ("Alle dossiers van live, in dezelfde indeling.", "All dossiers of live, in the same layout."),
    "again": (
        "Wat u exporteert en weer aanlevert, verandert niets.",
        "What you export and deliver again changes nothing.",
    ),
    "end": (
        "Klaar. Alles wat hier moest gebeuren is ook nagegaan.",
        "Done. All that had to happen here has been verified too.",
    ),
    "kept": ("De bestanden staan in {folder}", "The files are in {folder}"),
}


def told(name: str, lang: Language, **facts: object) -> str:
    """A text of the demo, with its named places filled."""
    return TOLD[name][0 if lang == "nl" else 1].format(**facts)
