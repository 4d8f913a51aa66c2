"""The web application's doors as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, accounts and their templates."""

    name = "nameplate.web"
    label = "web"
