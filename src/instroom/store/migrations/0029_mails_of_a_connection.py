"""Who gets which mails of a connection, and mails that wait for a daily overview."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0028_removed'),
    ]

    operations = [
        migrations.AddField(
            model_name='connection',
            name='mails',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='mail',
            name='facts',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='mail',
            name='gathered_in',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='gathered', to='store.mail'),
        ),
        migrations.AddField(
            model_name='mail',
            name='held_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='mail',
            name='user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(condition=models.Q(('gathered_in__isnull', True), ('given_up_at__isnull', True), ('held_until__isnull', False)), fields=['held_until'], name='mail_held'),
        ),
    ]
