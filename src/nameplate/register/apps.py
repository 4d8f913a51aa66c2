"""The register as a Django app."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Bodies, purchases, statements, people and audit."""

    name = "nameplate.register"
    label = "register"
    verbose_name = "Register"
    default_auto_field = "django.db.models.BigAutoField"
