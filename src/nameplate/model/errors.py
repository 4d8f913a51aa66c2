"""The tree of errors: each carries data, and reads as one sentence for a person.

The sentence has three parts: what is wrong, where (file, row), and what to do.
"""

from __future__ import annotations


class NameplateError(Exception):
    """Anything Nameplate refuses to do, said in one sentence.

    ``what`` is the fault, ``where`` the file and place in it (empty where there is none) and
    ``do`` the next step for the reader. ``str()`` joins the three.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", do: str = "") -> None:
        self.what = what
        self.where = where
        self.do = do
        super().__init__(what, where, do)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        step = f"; {self.do}" if self.do else ""
        return f"{place}{self.what}{step}."


class UsageError(NameplateError):
    """The call itself is wrong: an unknown option, a missing path, a date that is none."""

    exit_code = 2


class InputError(NameplateError):
    """A file or record that cannot be read as what it claims to be."""


class LimitError(InputError):
    """An input that would cost more memory, time or disk than a reader may spend on it."""


class CatalogueError(NameplateError):
    """A fact in the catalogue that is malformed, unsourced or contradicts another."""


class StoreError(NameplateError):
    """An output that cannot be written or trusted: full disk, half-written or altered."""


class FetchError(NameplateError):
    """A service asked for data did not answer in the published form."""
