from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0006_webhooks'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='watched',
            field=models.BooleanField(default=False),
        ),
    ]
