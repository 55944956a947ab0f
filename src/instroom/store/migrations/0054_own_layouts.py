"""The site's own layouts, which were files in its home folder: `flow.site_layouts` takes these in."""

import django.db.models.deletion
import instroom.store.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0053_tries_of_deliveries'),
    ]

    operations = [
        migrations.CreateModel(
            name='OwnLayout',
            fields=[
                ('id', models.UUIDField(default=instroom.store.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('version', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('name', 'version'), name='own_layout_once')],
            },
        ),
    ]
