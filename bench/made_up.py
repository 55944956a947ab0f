"""Makes values that look Dutch and belong to nobody: every number is one that is never issued.

Phone numbers have a subscriber number that starts with 0, VAT numbers stand in the range for tests (99999…) with a
right check digit, registration numbers start with 00, e-mail addresses and websites end in .example (RFC 2606).
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

_STEMS = "Ooster Wester Noorder Zuider Molen Linden Berken Elzen Koren Kerk Brug Haven Veld Duin Bos Heide Wilgen"
_ENDS = "horst brink kamp stede wijk dijk huis berg daal veen laar zicht hof gaard burcht schoten akker weerd"
_FIRST = "Aagje Bartje Ciska Dirkje Eefje Fokko Gijsje Harmke Ietje Jochem Karst Liewe Mirthe Noortje Oeds Pleun Renée"
_FIRST_MORE = "Siebren Tjitske Ubbo Veerle Wobke Ype Zwaantje André Daniël Zoë Joost Lotte Maaike Niels Sanne Thijs"
_STREETS = "laan straat weg plein kade gracht singel dreef pad hof"
_TRADES = "Bouw Techniek Logistiek Zorg Installatie Advies Groen Transport Onderwijs Bakkerij Metaal Schoonmaak Energie"
_JOBS = "monteur planner adviseur verpleegkundige docent timmerman chauffeur teamleider boekhouder schilder lasser kok"
_DEPARTMENTS = "Productie|Verkoop|Financiën|Personeel en organisatie|Inkoop|Klantenservice|Magazijn|Automatisering"
_GROUPS = "Branche Regio Klantsoort Opleidingsniveau Doelgroep Herkomst"
_REMARKS = (
    "Belt bij voorkeur na 14:00 uur.",
    "Let op: certificaat verloopt dit jaar.",
    "Factuur altijd per e-mail; vermeld het inkoopnummer.",
    'Bekend als "vaste klant"; zie het contract.',
    "Heeft een parkeerplaats nodig.",
    "Voorkeur voor een cursus in de avond.",
)
_AREA_CODES = ("010", "020", "030", "040", "050", "070", "013", "024", "038", "058")
_PREFIXES = ("van", "de", "van de", "van der", "den", "ter")
_LETTERS = "ABCDEGHJKLMNPRTUVWXZ"  # without the combinations that no postal code has

FIRST_NAMES = (*_FIRST.split(), *_FIRST_MORE.split())
NAMES = tuple(stem + end for stem in _STEMS.split() for end in _ENDS.split())
CITIES = tuple(f"{stem}{end}" for stem in ("Nieuw", "Oud", "Groot", "Klein") for end in _ENDS.split())
TRADES = tuple(_TRADES.split())
JOBS = tuple(_JOBS.split())
DEPARTMENTS = tuple(_DEPARTMENTS.split("|"))
GROUPS = tuple(_GROUPS.split())


class Numbers(NamedTuple):
    """The registration and VAT numbers of one company."""

    registration: str
    kind: str
    vat: str
    country: str


def company_numbers(serial: int) -> Numbers:
    """The numbers of the company with this serial: one company in twenty is Belgian, one in forty German."""
    if serial % 20 == 7:
        stem = f"00{serial:06d}"
        number = f"{stem}{97 - int(stem) % 97:02d}"
        return Numbers(number, "KBO", f"BE{number}", "BE")
    if serial % 40 == 3:
        return Numbers(f"{serial:06d}", "HRB", "", "DE")
    return Numbers(f"00{serial:06d}", "KVK", _dutch_vat(serial), "NL")


def _dutch_vat(serial: int) -> str:
    ordinal, suffix = divmod(serial, 99)
    digits = f"99999{ordinal % 900:03d}"
    rest = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 1, -1), strict=True)) % 11
    return f"NL{digits}{rest}B{suffix + 1:02d}" if rest < 10 else ""  # 10: no ninth digit makes it right


def phone(rng: Random) -> str:
    """A landline number in one of the ways in which people write them."""
    area, number = rng.choice(_AREA_CODES), f"0{rng.randrange(10**6):06d}"
    return rng.choice((f"{area}-{number}", f"{area} {number}", f"+31 {area[1:]} {number}"))


def mobile(rng: Random) -> str:
    number = f"0{rng.randrange(10**7):07d}"
    return rng.choice((f"06-{number}", f"06{number}", f"+31 6 {number}"))


def postal_code(rng: Random, country: str) -> str:
    """A postal code of the country; a Dutch one now and then without its space, as people write it."""
    if country == "BE":
        return str(rng.randrange(1000, 9993))
    if country == "DE":
        return f"{rng.randrange(1067, 99999):05d}"
    space = " " if rng.random() < 0.9 else ""
    return f"{rng.randrange(1000, 10000)}{space}{rng.choice(_LETTERS)}{rng.choice(_LETTERS)}"


def address(rng: Random, prefix: str, country: str = "NL") -> dict[str, str]:
    """The fields of an address, such as `postal_address.street`."""
    values = {
        "street": rng.choice(NAMES) + rng.choice(_STREETS.split()),
        "house_number": str(rng.randrange(1, 400)),
        "house_number_addition": rng.choice(("A", "B", "bis", "II")) if rng.random() < 0.12 else "",
        "postal_code": postal_code(rng, country),
        "city": rng.choice(CITIES),
        "country": country if country != "NL" or rng.random() < 0.6 else "",
    }
    return {f"{prefix}.{field}": value for field, value in values.items()}


def remarks(rng: Random) -> str:
    """One to four sentences, often on lines of their own."""
    return rng.choice(("\n", " ", "\n\n")).join(rng.sample(_REMARKS, rng.randrange(1, 5)))


def day(rng: Random) -> str:
    """A date of birth of somebody at work, written dd-mm-jjjj."""
    return (date(1960, 1, 1) + timedelta(days=rng.randrange(16_000))).strftime("%d-%m-%Y")


def surname_prefix(rng: Random) -> str:
    """Such as `van der`."""
    return rng.choice(_PREFIXES)


def categories(rng: Random, most: int) -> dict[str, str]:
    """Pairs of a group and a category, at least none and at most `most`."""
    groups = rng.sample(GROUPS, rng.randrange(most + 1))
    return _pairs("categories", "group", "category", [(group, f"{group}{rng.randrange(1, 9)}") for group in groups])


def free_fields(rng: Random, most: int) -> dict[str, str]:
    """Pairs of a definition and a value, at least none and at most `most`."""
    codes = rng.sample(range(1, 8), rng.randrange(most + 1))
    pairs = [(f"VrijveldCode{code}", f"waarde {rng.randrange(500)}") for code in codes]
    return _pairs("free_fields", "definition", "value", pairs)


def _pairs(name: str, first: str, second: str, pairs: list[tuple[str, str]]) -> dict[str, str]:
    values = {}
    for number, (one, other) in enumerate(pairs, start=1):
        values[f"{name}.{number}.{first}"], values[f"{name}.{number}.{second}"] = one, other
    return values


def maybe(rng: Random, chance: float, make: Callable[[], str]) -> str:
    """The result of `make` with this chance, else a blank."""
    return make() if rng.random() < chance else ""
