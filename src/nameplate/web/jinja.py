"""The template environment: GOV.UK Frontend's macros, and the filters all pages use."""

from __future__ import annotations

from typing import Any

from django.middleware.csrf import get_token
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import json_script
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup

from nameplate import __version__
from nameplate.register.formats import day, moment, money, number, plain_number
from nameplate.register.views.shared import GRADE_TAGS, grade_names


def errors_of(form: Any, name: str) -> dict[str, str] | None:
    """A field's errors in the form that GOV.UK Frontend's components take, or None."""
    lines = form.errors.get(name)
    return {"text": " ".join(str(line) for line in lines)} if lines else None


def csrf_field(request: Any) -> Markup:
    """The hidden field every form that changes something carries."""
    return Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(
        get_token(request)
    )


def environment(**options: Any) -> Environment:
    """Build the environment: own templates first, then the macros, which read absent parameters."""
    macros = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    options["loader"] = ChoiceLoader([options["loader"], macros])
    options["undefined"] = ChainableUndefined
    options["trim_blocks"] = True
    options["lstrip_blocks"] = True
    env = Environment(**options)  # noqa: S701 - Django passes autoescape=True
    env.globals.update(
        static=static,
        url=reverse,
        csrf_field=csrf_field,
        version=__version__,
        errors_of=errors_of,
        grade_names=grade_names,
        grade_tags=GRADE_TAGS,
    )
    env.filters.update(
        money=money,
        day=day,
        moment=moment,
        number=number,
        plain_number=plain_number,
        filesize=filesizeformat,
        json_script=json_script,
    )
    return env
