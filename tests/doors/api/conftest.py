"""Two customers with people, as on the web."""

from tests.doors.web.conftest import customer, other_customer, other_shared_customer, shared_customer

__all__ = ["customer", "other_customer", "other_shared_customer", "shared_customer"]
