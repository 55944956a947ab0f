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


class Institute(models.Model):
    """The training institute whose site it is, as people read it: one row, or none where nobody has filled it in."""

    THE_ONE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE)
    name = models.CharField(max_length=100, blank=True)
    # How its help desk is reached.
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    website = models.CharField(max_length=200, blank=True)
    logo = models.BinaryField(null=True)  # a PNG
    logo_digest = models.CharField(max_length=16, blank=True)

    def __str__(self) -> str:
        return self.name
