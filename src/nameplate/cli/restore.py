"""``nameplate restore``; it stands in :mod:`nameplate.cli.backup`, beside its counterpart."""

from nameplate.cli.backup import restore as command

__all__ = ["command"]
