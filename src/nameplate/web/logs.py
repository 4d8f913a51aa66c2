"""Structured logs: one JSON object a line, without secrets or personal data.

Messages of this project hold ids and counts, never names or addresses. What libraries log is cut to
its template: the arguments, in which an address or a token could stand, are left out.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Final

from nameplate.register.request_ids import request_id

TOKEN: Final = re.compile(r"/(enter|join|key|received)/[^\s/]+")
"""Addresses that hold a secret: the part after these words is blanked."""


class JsonFormatter(logging.Formatter):
    """Formats a record as JSON with time (UTC), level, logger, message, request id, exception."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; an exception gives its type and place, not its message."""
        own = record.name.startswith("nameplate")
        message = record.getMessage() if own else str(record.msg)
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": TOKEN.sub(r"/\1/…", message),
            "request_id": request_id.get(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            places = []
            while trace is not None:
                code = trace.tb_frame.f_code
                places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
                trace = trace.tb_next
            line["where"] = " < ".join(reversed(places[-6:]))
        return json.dumps(line, ensure_ascii=False)
