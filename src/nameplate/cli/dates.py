"""A click type for days: ISO only, and an error that says so."""

from __future__ import annotations

import datetime
from typing import Any, Final

import click


class Day(click.ParamType[datetime.date]):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime.date:
        """Return a datetime.date, or fail with one sentence."""
        if isinstance(value, datetime.date):
            return value
        try:
            return datetime.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no date: write YYYY-MM-DD, such as 2019-06-01", param, ctx)


DAY: Final = Day()
"""Use as ``type=DAY``."""
