from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("listening", "0002_search")]
    operations = [
        migrations.RemoveIndex(model_name="mention", name="mention_newest"),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(fields=["town", "watch", "-posted_at"], name="mention_newest"),
        ),
    ]
