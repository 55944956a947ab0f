"""Schemas of customers and their policies."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool

from instroom.core.retention import LIMITS
from instroom.doors.api.connections.schemas import CLOCK, Percent, Records, refuse_other_than_number
from instroom.doors.api.schemas import NEW_NAME, NO_NUL, ChangesDocument, Document, NewDocument, Next
from instroom.flow.operations.customers import MOST_OF_TITLE

_FILES, _LEDGER, _AUDIT = (
    Field(ge=LIMITS[name][0], le=LIMITS[name][1])
    for name in ("keep_files_days", "keep_ledger_months", "keep_audit_months")
)
_Days = Annotated[int, _FILES, BeforeValidator(refuse_other_than_number)]
_LedgerMonths = Annotated[int, _LEDGER, BeforeValidator(refuse_other_than_number)]
_AuditMonths = Annotated[int, _AUDIT, BeforeValidator(refuse_other_than_number)]


class Customer(Document):
    """A customer: the document of `instroom customer list --format json`."""

    name: str
    title: str
    created_at: datetime
    moving: bool = Field(description="Whether it is closed, while it moves to another site or has come from one.")


class Customers(Document):
    """A page of the customers of the site, by name."""

    customers: list[Customer]
    next: str | None = Next


class NewCustomer(NewDocument):
    """What a new customer is called."""

    name: str = Field(pattern=NEW_NAME, description="It stands in addresses and commands, and cannot be changed.")
    title: str = Field(min_length=1, max_length=MOST_OF_TITLE, pattern=NO_NUL, description="What people read.")


class CustomerPolicies(Document):
    """What holds for a customer's deliveries, where neither the connection nor the delivery says otherwise."""

    blank: Literal["leave", "clear"]
    nothing_words: Literal["keep", "blank"]
    on_error: Literal["whole", "skip"]
    skip_limit_percent: int
    approver_differs: bool
    quiet_above: int
    quiet_from: str
    quiet_until: str
    unchanged_ends: bool
    keep_files_days: int
    keep_ledger_months: int
    keep_audit_months: int


class CustomerPolicyChanges(ChangesDocument):
    """What changes of a customer's policies. All else keeps its value."""

    blank: Literal["leave", "clear"] | None = Field(None, description="What a blank cell does.")
    nothing_words: Literal["keep", "blank"] | None = Field(None, description="What a word for nothing does.")
    on_error: Literal["whole", "skip"] | None = Field(None, description="What a record with an error does.")
    skip_limit_percent: Percent | None = Field(None, description="How many records may be left out with `skip`.")
    approver_differs: StrictBool | None = Field(
        None,
        description="Whether somebody other than the supplier must approve. Ending that takes the scope `approve`.",
    )
    quiet_above: Records | None = Field(None, description="A file with more records waits for the quiet hours.")
    quiet_from: str | None = Field(None, pattern=f"^({CLOCK})?$", description="An empty text for no quiet hours.")
    quiet_until: str | None = Field(None, pattern=f"^{CLOCK}$")
    unchanged_ends: StrictBool | None = Field(
        None, description="Whether a file that changes nothing in live is done without an approval."
    )
    keep_files_days: _Days | None = Field(
        None, description="How long after its end the file of a delivery is kept, and the values in what was found."
    )
    keep_ledger_months: _LedgerMonths | None = Field(
        None, description="How long an import can be undone, and its values are kept."
    )
    keep_audit_months: _AuditMonths | None = Field(None, description="How long lines of the audit log are kept.")
