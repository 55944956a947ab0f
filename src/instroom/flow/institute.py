"""The training institute whose site it is, as people read it: its name and logo, and whom to ask for help."""

from typing import NamedTuple

from instroom.store.models import Customer, Institute


class HelpDesk(NamedTuple):
    """Whom somebody asks for help; blank where nobody has said."""

    person: str
    institute: str
    phone: str
    email: str
    website: str

    @property
    def called(self) -> str:
        """`Anna de Wit, Opleidingsinstituut X`."""
        return ", ".join(filter(None, (self.person, self.institute)))

    @property
    def dialled(self) -> str:
        """The telephone number as a telephone takes it."""
        return "".join(sign for sign in self.phone.replace("(0)", "") if sign.isdigit() or sign == "+")

    @property
    def site(self) -> str:
        """The web address as people write it: `www.voorbeeld.example`."""
        return self.website.partition("://")[2].rstrip("/")

    @property
    def ways(self) -> list[str]:
        """In which it can be reached."""
        return [way for way in (self.phone, self.email, self.site) if way]


def institute() -> Institute:
    """As it is filled in now, without its logo; all blank where it is not."""
    return Institute.objects.defer("logo").first() or Institute()


def help_desk(of: Institute, customer: Customer | None) -> HelpDesk:
    """The customer's own contact; what that does not say is the institute's."""
    name, phone, email = (
        (customer.contact_name, customer.contact_phone, customer.contact_email) if customer else ("", "", "")
    )
    return HelpDesk(name, of.name, phone or of.phone, email or of.email, of.website)


def logo() -> bytes | None:
    """Its logo as a PNG; None where it has none."""
    found = Institute.objects.values_list("logo", flat=True).first()
    return bytes(found) if found else None
