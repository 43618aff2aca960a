from django.db import migrations

from plein_web.town.search import index_search


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_first")]
    operations = [index_search("channels_post")]
