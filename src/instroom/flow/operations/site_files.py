"""Whether the files and the secret key that a process sees are those of its site: it finds out at its start, not by
failing deliveries."""

from collections.abc import Callable
from typing import Final, NamedTuple

from instroom.config.file_server import folder as file_server_folder
from instroom.config.home import UNFINISHED_RESTORE
from instroom.core.errors import SettingsError
from instroom.flow import audit
from instroom.store import data_keys
from instroom.store.files import site_id
from instroom.store.files.file_store import FileStore
from instroom.store.files.folder_store import FolderStore
from instroom.store.files.site_store import site_store
from instroom.store.files.uploads import AccountFolders
from instroom.store.models import Delivery, FileAccount, Site

_NOTHING: Final = "nothing"
"""The key of no file: who may not delete that, as with half the rights on a bucket, could delete nothing in time."""
_LOOKED_FOR: Final = 100  # of the newest files that the database knows: some may have been lost


class _Place(NamedTuple):
    """Where a site keeps something, and what is said where that is not the site's."""

    column: str
    """Of the site: that the place has had its id."""
    store: FileStore
    unmarked: FileStore
    """The same, to be looked through without an id."""
    may_be_ours: Callable[[Site], bool]
    other: SettingsError
    missing: SettingsError


def match_files(adopt: bool = False) -> None:
    """Compare the id in the file store with the site's, and that in the folder of the file server, which only a site
    with accounts needs. What is new, or ours without an id, gets it.

    Raises SettingsError where one of them is another site's, lacks our files or is being restored, and where the secret
    key opens nothing of the site; StoreAway where the store cannot be reached, or lets us delete nothing. With `adopt`
    what is another site's or lacks our files becomes ours all the same.
    """
    site, store, uploads = Site.objects.get(), site_store(), FolderStore(file_server_folder())
    data_keys.current(None)  # the first process of a site makes it, and every other one must open it
    other = SettingsError("files-of-another-site", folder=store.place)
    missing = SettingsError("files-missing", folder=store.place)
    place = _Place("files_marked", store, site_store(mark=""), _may_be_our_files, other, missing)
    adopted = _match(place, site, adopt)
    store.delete(_NOTHING)
    if adopt or not site.uploads_marked or FileAccount.ever.exists():
        other = SettingsError("uploads-of-another-site", folder=uploads.place)
        missing = SettingsError("uploads-missing", folder=uploads.place)
        place = _Place("uploads_marked", uploads, uploads, _may_be_our_uploads, other, missing)
        adopted |= _match(place, site, adopt)
    if adopted:
        audit.note(None, "files-adopted")


def _match(place: _Place, site: Site, adopt: bool) -> bool:
    """True where it was adopted."""
    there = site_id.read(place.store)
    if there == UNFINISHED_RESTORE:  # of another machine, which has not made all of it yet
        raise SettingsError("restore-unfinished", folder=place.store.place)
    is_ours = there == str(site.pk)
    is_adopted = not is_ours and not (there is None and place.may_be_ours(site))
    if is_adopted and not adopt:
        raise place.other if there or site_id.holds_files(place.unmarked) else place.missing
    if not is_ours:
        site_id.write(place.store, str(site.pk))
    if not getattr(site, place.column):  # after it has been written: a start that was cut off begins again
        Site.objects.update(**{place.column: True})
    return is_adopted


def _may_be_our_files(site: Site) -> bool:
    """Of a store without an id: it holds files that we know, or nobody has had any yet."""
    store = site_store(mark="")
    kept = Delivery.objects.exclude(file_key="").filter(file_removed_at=None).order_by("-pk")
    known = list(kept.values_list("file_key", flat=True)[:_LOOKED_FOR])
    if known:
        return any(store.find(key) for key in known)
    return not site.files_marked and not site_id.holds_files(store)


def _may_be_our_uploads(site: Site) -> bool:
    """Of a folder without an id, at the first start that looks: it has accounts of ours, or none has delivered yet."""
    base, accounts = file_server_folder(), FileAccount.ever.values_list("pk", flat=True)
    has_ours = any(AccountFolders(base, one.hex).folder.exists() for one in accounts)
    delivered = Delivery.objects.filter(account__isnull=False, account__removed_at=None, watched=False)
    return not site.uploads_marked and (has_ours or not (delivered.exists() or site_id.holds_files(FolderStore(base))))
