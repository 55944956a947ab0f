"""Records of nobody."""

GOOD = {
    "PersoonExternId": "P-1",
    "PersoonExternSource": "HR",
    "PersoonVoornaam": "Anna",
    "PersoonAchternaam": "Voorbeeld",
    "PersoonGeboortedatum": "01-02-1980",
}
BAD_DATE = GOOD | {"PersoonGeboortedatum": "31-02-1980"}
PHONE_WARNING = GOOD | {"PersoonMobiel": "12"}
