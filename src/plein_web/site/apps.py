from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "plein_web.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks that stand in a module of their own."""
        from plein_web.site import theme  # noqa: F401
