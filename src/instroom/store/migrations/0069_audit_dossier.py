"""The entries about one dossier, among all of the audit log."""

from django.db import migrations, models

from instroom.store.index_operation import AddIndexBesideWork
from instroom.store.models.audit import AboutDossier


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("store", "0068_comments")]

    operations = [
        AddIndexBesideWork(
            model_name="auditentry", index=models.Index(AboutDossier("facts"), name="audit_dossier")
        )
    ]
