from django.db import migrations

from plein_web.town.search import index_search


class Migration(migrations.Migration):
    dependencies = [("listening", "0001_first")]
    operations = [index_search("listening_mention")]
