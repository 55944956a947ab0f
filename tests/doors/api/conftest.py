"""Two customers with people, as on the web."""

from tests.doors.web.conftest import desk, other_desk, other_shared_desk, shared_desk

__all__ = ["desk", "other_desk", "other_shared_desk", "shared_desk"]
