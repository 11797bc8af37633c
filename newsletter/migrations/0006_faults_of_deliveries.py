from django.db import migrations, models


class Migration(migrations.Migration):
    """Each new column has its default in the database: the version before still inserts rows."""

    dependencies = [
        ('newsletter', '0005_hand_over_the_sending_mark'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='fault',
            field=models.CharField(blank=True, choices=[('reader', 'the address does not exist'), ('us', 'refused for something about our mail'), ('moment', 'full, away or busy')], db_default='', default='', max_length=6),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('provider_id', ''), _negated=True), fields=['provider_id'], name='deliveries_at_a_provider'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('fault', 'moment')), fields=['subscriber'], name='deliveries_put_off'),
        ),
        migrations.AddField(
            model_name='deliveryreport',
            name='code',
            field=models.CharField(blank=True, db_default='', default='', max_length=32),
        ),
        migrations.AddField(
            model_name='deliveryreport',
            name='said',
            field=models.CharField(blank=True, db_default='', default='', max_length=300),
        ),
        migrations.AlterField(
            model_name='deliveryreport',
            name='kind',
            field=models.CharField(choices=[('delivered', 'delivered'), ('bounced', 'the address does not exist'), ('complained', 'reported as spam'), ('rejected', 'not delivered: refused for something about our mail'), ('deferred', 'not delivered: full, away or busy'), ('unsubscribed', 'unsubscribed at the provider')], max_length=12, verbose_name='what'),
        ),
        migrations.AlterField(
            model_name='mailing',
            name='pause_reason',
            field=models.CharField(blank=True, choices=[('editor', 'an editor paused it'), ('sign_in', 'the mail server does not let us in'), ('feature', 'the mail provider cannot send such a mail'), ('failures', 'too many mails in a row failed'), ('refused', 'too many mail servers refuse our mail'), ('bounces', 'too many addresses do not exist'), ('complaints', 'too many people reported it as spam')], max_length=10),
        ),
    ]
