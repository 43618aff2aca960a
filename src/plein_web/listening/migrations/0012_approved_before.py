from datetime import timedelta

from django.db import migrations
from django.utils import timezone

DAYS_TO_REVIEW = 30


def keep_going(apps, schema_editor):
    """What searched before approval was asked goes on for thirty days: the owner asked for it then."""
    watches = apps.get_model("listening", "Watch").objects.filter(approved_at=None)
    now = timezone.now()
    for watch in watches.select_related("owner"):
        who = watch.owner.email if watch.owner else ""
        watch.approved_at, watch.approved_by = watch.starts_at, f"{who} (before approval was asked)".strip()
        watch.review_at = now + timedelta(days=DAYS_TO_REVIEW)
        watch.save(update_fields=["approved_at", "approved_by", "review_at"])


class Migration(migrations.Migration):
    dependencies = [("listening", "0011_lawful")]

    operations = [migrations.RunPython(keep_going, migrations.RunPython.noop)]
