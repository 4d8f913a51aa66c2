"""The HTTP server: gunicorn, configured here so that `nameplate serve` is all one runs."""

from __future__ import annotations

import atexit
import subprocess
import sys
from typing import Any

from gunicorn.app.base import BaseApplication


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with one process and several threads: the database is the shared state."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options; gunicorn's own command line and files are not read."""
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        """The WSGI application, imported in the worker."""
        from nameplate.web.wsgi import application

        return application


def serve(bind: str, threads: int) -> None:
    """Serve until stopped. ``bind`` is ``host:port``; ``threads`` requests are answered at once.

    The worker that carries out imports runs beside it, as a process of its own, and ends with it.
    """
    worker = subprocess.Popen([sys.executable, "-m", "nameplate.cli", "worker"])
    atexit.register(worker.terminate)
    Server(
        {
            "bind": bind,
            "workers": 1,
            "threads": threads,
            "worker_class": "gthread",
            "worker_tmp_dir": None,
            "timeout": 120,
            "loglevel": "warning",
            "limit_request_line": 8190,
        }
    ).run()
