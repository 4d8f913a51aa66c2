"""A progress bar on standard error where that is a terminal, and nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nameplate.tracing.run.engine import Progress


def _silent(progress: Progress) -> None:
    del progress


@contextmanager
def progress_bar() -> Iterator[Callable[[Progress], None]]:
    """Yield the function that a run tells of its progress."""
    if not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.progress import Progress as Bar

    bar = Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        # No thread of its own: workers are forked while the bar is up.
        auto_refresh=False,
    )
    with bar:
        task = bar.add_task("looking", total=None)

        def notify(progress: Progress) -> None:
            bar.update(
                task,
                description=f"{progress.stage} {progress.files_done}/{progress.files_total} files",
                completed=progress.bytes_done,
                total=progress.bytes_total or None,
                refresh=True,
            )

        yield notify
