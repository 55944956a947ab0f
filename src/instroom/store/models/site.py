"""The site itself."""

from django.db import models

from instroom.store.ids import new_id


class Site(models.Model):
    """One row, made with its table. The file store and the file server's folder carry its id (`site_id`)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    files_marked = models.BooleanField(
        default=False
    )  # the file store has had the id: where it lacks it, it is not ours
    uploads_marked = models.BooleanField(default=False)  # the same of the file server's folder

    def __str__(self) -> str:
        return str(self.pk)
