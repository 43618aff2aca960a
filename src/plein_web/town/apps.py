from django.apps import AppConfig


class TownConfig(AppConfig):
    name = "plein_web.town"
    label = "town"
    default_auto_field = "django.db.models.BigAutoField"
