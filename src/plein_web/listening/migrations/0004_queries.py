from django.db import migrations, models


def write_queries(apps, schema_editor) -> None:
    """Make of the words and phrases of a watch the query that asks for any of them."""
    for watch in apps.get_model("listening", "Watch").objects.all():
        watch.query = " OR ".join(f'"{" ".join(phrase.replace(chr(34), " ").split())}"' for phrase in watch.phrases)
        watch.save(update_fields=["query"])


class Migration(migrations.Migration):
    dependencies = [("listening", "0003_mentions_by_day")]
    operations = [
        migrations.AddField(
            model_name="watch",
            name="query",
            field=models.TextField(default="", help_text="as somebody wrote it, see plein.listening.query"),
            preserve_default=False,
        ),
        migrations.RunPython(write_queries, migrations.RunPython.noop),
        migrations.RemoveField(model_name="watch", name="phrases"),
    ]
