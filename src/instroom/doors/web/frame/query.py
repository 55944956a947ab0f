"""What an address asks for, made safe."""

from uuid import UUID

from django.http import HttpRequest

from instroom.core.whole_number import whole_number


def number_of(request: HttpRequest, name: str = "page") -> int:
    """The page number that is asked for; 1 where it is none."""
    found = whole_number(request.GET.get(name, ""))
    return 1 if found is None else found


def text_of(request: HttpRequest, name: str) -> str:
    """A text that is asked for, trimmed and without the NUL that PostgreSQL knows no place for."""
    return request.GET.get(name, "").replace("\0", "").strip()[:200]


def id_of(request: HttpRequest, name: str) -> UUID | None:
    """An id that is asked for; None where it is none."""
    return as_id(request.GET.get(name, ""))


def as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def client_address(request: HttpRequest) -> str:
    """The address of the other end, such as 192.0.2.7; a proxy that is believed has told it (`server`)."""
    return str(request.META.get("REMOTE_ADDR", ""))


def form_text(request: HttpRequest, name: str, most: int = 254) -> str:
    """A text of a form, without the NUL that PostgreSQL knows no place for. Not trimmed: it may be a password."""
    return request.POST.get(name, "").replace("\0", "")[:most]


def form_lines(request: HttpRequest, name: str) -> list[str]:
    """The lines of a form's field that say something."""
    return [line for line in form_text(request, name, 6000).splitlines() if line.strip()]
