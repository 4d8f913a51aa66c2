"""Letters from templates a user can change: plain text, and the same as DOCX."""

from __future__ import annotations

import datetime
import io
import re
from importlib import resources
from pathlib import Path
from typing import Any, Final

from nameplate.model.errors import InputError
from nameplate.tracing.questions.law import Regime, deadline
from nameplate.tracing.questions.worth import Bundle, Open

TEMPLATES: Final = ("body", "supplier", "maker")


def template_text(name: str, folder: Path | None = None) -> str:
    """A template's text: the user's where the folder has ``name.txt``, else the bundled one."""
    if folder is not None and (folder / f"{name}.txt").is_file():
        return (folder / f"{name}.txt").read_text(encoding="utf-8")
    place = resources.files("nameplate.tracing.questions") / "templates" / f"{name}.txt"
    return place.read_text(encoding="utf-8")


def write_templates(folder: Path) -> list[Path]:
    """Write the bundled templates to be changed; files that are there are left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in TEMPLATES:
        path = folder / f"{name}.txt"
        if not path.exists():
            path.write_text(template_text(name), encoding="utf-8")
            written.append(path)
    return written


def letter(
    bundle: Bundle,
    *,
    on: datetime.date,
    sender: str,
    folder: Path | None = None,
    template: str = "body",
) -> str:
    """The letter of a request, as plain text.

    ``on`` is the day it is sent, and taken as the day it is received (a request by e-mail).
    Raises InputError where a user's template is broken.
    """
    import jinja2
    import jinja2.sandbox

    environment = jinja2.sandbox.SandboxedEnvironment(
        undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False
    )
    try:
        text = environment.from_string(template_text(template, folder)).render(
            **_words(bundle, on, sender)
        )
    except jinja2.TemplateError as error:
        raise InputError(
            f"the template cannot be filled ({error})",
            where=f"{template}.txt",
            do="mend it or delete it to use the bundled one",
        ) from error
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _words(bundle: Bundle, on: datetime.date, sender: str) -> dict[str, Any]:
    law = bundle.law
    due = deadline(on, law)
    names = sorted({p.supplier for p in bundle.purchases if p.supplier})
    return {
        "to": bundle.to,
        "body": bundle.body,
        "date": long_date(on),
        "law": law,
        "noun": noun_of(bundle.body),
        "purchases": [_shown(p) for p in bundle.purchases],
        "due": long_date(due),
        "due_note": "or twenty school days, if those end earlier" if law.school else "",
        "cost_sentence": f"I estimate {bundle.cost.says}.",
        "advice_section": "15 of the Act" if law.regime is Regime.FOISA else "16 of the Act",
        "sender": sender or "[your name and address]",
        "suppliers": ", ".join(names) or "a distributor",
    }


def _shown(purchase: Open) -> dict[str, Any]:
    return {
        "date": purchase.date,
        "supplier": purchase.supplier,
        "title": purchase.title[:200],
        "reference": purchase.reference,
        "amount": purchase.amount,
        "amount_text": amount_text(purchase),
    }


def amount_text(purchase: Open) -> str:
    """An amount with its currency and what it measures; empty where none is published."""
    if purchase.amount is None:
        return ""
    currency, _, kind = purchase.measure.partition(" ")
    sign = {"GBP": "£", "EUR": "€"}.get(currency, f"{currency} ")
    said = kind.replace("_", " ").replace(" unknown", "").strip()
    return f"{sign}{purchase.amount:,.2f} ({said})"


def noun_of(body: str) -> str:
    """The word a body is called by in a letter: Council, Trust, Force, University, Authority."""
    for word, noun in (
        ("council", "Council"),
        ("borough", "Council"),
        ("trust", "Trust"),
        ("police", "Force"),
        ("constabulary", "Force"),
        ("university", "University"),
        ("college", "College"),
        ("school", "School"),
        ("academy", "Academy"),
        ("department", "Department"),
    ):
        if word in body.lower():
            return noun
    return "Authority"


def long_date(day: datetime.date) -> str:
    """``3 May 2024``: days and months in English whatever the locale."""
    months = "January February March April May June July August September October November December"
    return f"{day.day} {months.split()[day.month - 1]} {day.year}"


def docx_of(text: str) -> bytes:
    """The letter as DOCX: the same words, the heading set as one, and the same bytes each time."""
    import zipfile

    import docx

    document = docx.Document()
    document.core_properties.author = ""
    document.core_properties.created = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
    document.core_properties.modified = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
    paragraphs = text.rstrip("\n").split("\n\n")
    for place, paragraph in enumerate(paragraphs):
        if place == 1:
            document.add_heading(paragraph, level=1)
        else:
            document.add_paragraph(paragraph)
    raw = io.BytesIO()
    document.save(raw)
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            fixed = zipfile.ZipInfo(info.filename, date_time=(2000, 1, 1, 0, 0, 0))
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, source.read(info))
    return out.getvalue()
