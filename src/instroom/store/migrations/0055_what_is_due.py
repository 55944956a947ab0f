"""Whatever the worker looks for has an index that is empty while there is nothing to do."""

import datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0054_own_layouts'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='connectionrun',
            name='connection_run_due',
        ),
        migrations.RemoveIndex(
            model_name='mail',
            name='mail_due',
        ),
        migrations.RemoveIndex(
            model_name='webhookcall',
            name='webhook_call_due',
        ),
        migrations.AddField(
            model_name='connection',
            name='look_at',
            field=models.DateTimeField(default=datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)),
        ),
        migrations.AddIndex(
            model_name='askedreport',
            index=models.Index(condition=models.Q(('given_up_at__isnull', True)), fields=['id'], name='asked_report_waits'),
        ),
        migrations.AddIndex(
            model_name='connection',
            index=models.Index(condition=models.Q(('paused_at', None), ('removed_at', None)), fields=['look_at'], name='connection_look'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(condition=models.Q(('given_up_at__isnull', True), ('held_until__isnull', True), ('sent_at__isnull', True)), fields=['due_at'], name='mail_due'),
        ),
        migrations.AddIndex(
            model_name='webhookcall',
            index=models.Index(condition=models.Q(('delivered_at__isnull', True), ('given_up_at__isnull', True)), fields=['webhook', 'due_at'], name='webhook_call_due'),
        ),
    ]
