from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("town", "0003_pressing"),
    ]

    operations = [
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("administrator", "administrator"),
                    ("webcare", "webcare"),
                    ("reader", "reader"),
                    ("privacy_officer", "privacy_officer"),
                    ("data_protection_officer", "data_protection_officer"),
                ],
                max_length=32,
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="answers_requests",
            field=models.BooleanField(
                default=False, help_text="may also look up and erase what stands here about a resident who asks"
            ),
        ),
    ]
