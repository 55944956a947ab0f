"""Who is on a row, as the file calls them."""

from tests.core.check.tables import PERSON, checked, table_of

from instroom.core.layout.standard import standard
from instroom.core.report.row_names import names_of_rows

RECORDS = [
    PERSON | {"PersoonVoornaam": " Fleur", "PersoonTussenvoegsel": "de", "PersoonAchternaam": "Boer "},
    PERSON | {"PersoonVoorletters": "F.", "PersoonAchternaam": "Boer"},
    {"BedrijfExternId": "B1", "BedrijfNaam": "Testbedrijf BV"},
]


def test_a_row_has_the_name_of_its_person() -> None:
    names = names_of_rows(checked(*RECORDS), table_of(*RECORDS), standard())
    assert names == {2: "Fleur de Boer", 3: "F. Boer"}
