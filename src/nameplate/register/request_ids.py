"""The id of the request being answered: the audit, the log and the answer's header carry it."""

from __future__ import annotations

import contextvars
import uuid

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
"""Set by the middleware; empty in commands and jobs."""


def new_request_id() -> str:
    """A fresh request id: 32 hexadecimal characters."""
    return uuid.uuid4().hex
