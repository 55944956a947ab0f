"""Two-person approval (product.md D3): where it is agreed on, who made a delivery may not approve it.

What comes in through an account of the file server or a watched folder counts as made by everybody who manages the
account: a program has no name of its own.
"""

from uuid import UUID

from django.db.models import Q

from instroom.core.errors import NotAllowed
from instroom.flow.policies import approval_policies, file_of
from instroom.store.models import AccountManager, Customer, Delivery, FileAccount, Role, User
from instroom.store.sql.versions import ids_of_versions


def refuse_own(delivery: Delivery, user: User) -> None:
    """Raise NotAllowed where this very person may not approve this delivery."""
    if user.pk in makers_who_may_not_approve(delivery):
        raise NotAllowed("own-delivery")


def makers_who_may_not_approve(delivery: Delivery) -> frozenset[UUID]:
    """The users who may not approve it: those who made it, if any version of its file has come in where two-person
    approval is agreed on. Of an undo these are who asked for it; of an undo of an undo also those who made the file."""
    file = file_of(delivery)
    others = [one for one in ids_of_versions(file) if one != file.pk.hex]
    versions = {file}
    if others:
        found = Delivery.objects.filter(pk__in=others)
        versions |= set(found.select_related("customer", "connection", "account"))
    if not any(approval_policies(one).approver_differs for one in versions):
        return frozenset()
    return frozenset().union(*map(_makers, {delivery} if delivery.undoes == file else {delivery} | versions))


def managers_of(account: FileAccount) -> list[User]:
    """Who counts as the maker of what comes in through an account: who made the account, who has changed it or set its
    password since it had its present one, its contact, all suppliers of its customer, and who was one since then."""
    managers = account.managers.values("user")
    suppliers = Role.objects.filter(customer=account.customer_id, name=Role.SUPPLIER).values("user")
    manages = Q(pk__in=managers) | Q(pk__in=suppliers) | Q(pk=account.made_by_id) | Q(pk=account.contact_id)
    return list(User.objects.filter(manages).order_by("username"))


def note_former_supplier(customer: Customer, user: User) -> None:
    """Who is no supplier any more still knows the passwords of the accounts, until these get another one."""
    for account in FileAccount.objects.filter(customer=customer):
        AccountManager.objects.get_or_create(account=account, user=user)


def _makers(delivery: Delivery) -> set[UUID]:
    """Those who managed its account when it came in, too: nobody gets round this by handing the account over."""
    makers = {UUID(one) for one in delivery.managed_by}
    if delivery.delivered_by_id:
        makers.add(delivery.delivered_by_id)
    if delivery.account:
        makers |= {user.pk for user in managers_of(delivery.account)}
    return makers
