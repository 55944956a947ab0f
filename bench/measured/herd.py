"""The people of the herd, in the store of this process.

`herd customers COUNT` makes as many customers, each with a supplier and an approver. `herd receive FOLDER PART PARTS`
takes in their files, of one customer in PARTS. `herd approve PART PARTS` approves these, to be imported at
once.
"""

import json
import sys
import time
from pathlib import Path

from instroom.config import setup

setup()

from django.db.models import F, Value  # noqa: E402 (Django is loaded above)
from django.db.models.functions import Concat  # noqa: E402

from instroom.flow import find  # noqa: E402
from instroom.flow.delivery.decide import approve  # noqa: E402
from instroom.flow.delivery.receive import receive  # noqa: E402
from instroom.flow.operations.init import add_customer  # noqa: E402
from instroom.store.models import Delivery, Role, User  # noqa: E402


def make_customers(count: int) -> None:
    for number in range(count):
        name = f"{number:05}"
        users = {f"supplier-{name}": (Role.SUPPLIER,), f"approver-{name}": (Role.APPROVER,)}
        add_customer(f"herd-{name}", f"Instituut {name}", users)
    User.objects.filter(email="").update(email=Concat(F("username"), Value("@instituut.example")))


def receive_part(folder: Path, part: int, parts: int) -> None:
    for file in sorted(folder.glob("*.csv"))[part::parts]:
        name = file.stem
        receive(file, find.customer(f"herd-{name}"), by=find.user(f"supplier-{name}"), name="personen.csv")


def approve_part(part: int, parts: int) -> None:
    for delivery in Delivery.objects.select_related("customer").order_by("customer__name")[part::parts]:
        name = delivery.customer.name.removeprefix("herd-")
        approve(delivery, by=find.user(f"approver-{name}"), at="now")


if __name__ == "__main__":
    begun = time.perf_counter()
    match sys.argv[1:]:
        case ["customers", count]:
            make_customers(int(count))
        case ["receive", folder, part, parts]:
            receive_part(Path(folder), int(part), int(parts))
        case ["approve", part, parts]:
            approve_part(int(part), int(parts))
    print(json.dumps({"seconds": time.perf_counter() - begun}))
