"""Whether the files that a process sees are those of its site: it finds out at its start, not by failing deliveries."""

from typing import Final

from instroom.core.errors import SettingsError
from instroom.flow import audit
from instroom.store.files import site_id
from instroom.store.files.site_store import site_store
from instroom.store.models import Delivery, Site

_LOOKED_FOR: Final = 100  # of the newest files that the database knows: some may have been lost


def match_files(adopt: bool = False) -> None:
    """Compare the id in the file store with the site's; a store that is new, or ours without it, gets it.

    Raises SettingsError where the store is another site's, or lacks our files. With `adopt` it becomes ours all the
    same.
    """
    site, there = Site.objects.get(), site_id.read()
    is_ours = there == str(site.pk)
    if not is_ours and not (there is None and _may_be_ours(site)):
        if not adopt and (there or site_id.holds_files()):
            raise SettingsError("files-of-another-site", folder=site_store().place)
        if not adopt:
            raise SettingsError("files-missing", folder=site_store().place)
        audit.note(None, "files-adopted")
    if not is_ours:
        site_id.write(str(site.pk))
    if not site.files_marked:  # after it has been written: a start that was cut off begins again
        Site.objects.update(files_marked=True)


def _may_be_ours(site: Site) -> bool:
    """Of a store without an id: it holds files that we know, or nobody has had any yet."""
    kept = Delivery.objects.exclude(file_key="").filter(file_removed_at=None).order_by("-pk")
    known = list(kept.values_list("file_key", flat=True)[:_LOOKED_FOR])
    if known:
        return any(site_store(mark="").find(key) for key in known)
    return not site.files_marked and not site_id.holds_files()
