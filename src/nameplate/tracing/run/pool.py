"""Tasks shared between processes; one that dies takes its own task down and no other."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

from nameplate.tracing.run.work import Done, Task, Workshop, do_task


@dataclass(slots=True)
class _Here:
    """What this process works with, as a worker or as the one that forks workers."""

    shop: Workshop | None = None
    told: Any = None


_here = _Here()

DIED = "the reader's process died on it, most likely for want of memory"


def run_tasks(
    tasks: Sequence[Task],
    shop: Workshop,
    workers: int,
    report: Callable[[int], None],
    begun: Callable[[], None],
) -> Iterator[tuple[Task, Done]]:
    """Yield tasks as they are done, in no fixed order; ``report`` is told of bytes read.

    ``begun`` is called once the processes are there: no thread may be started before. With one
    worker all happens in this process. Large tasks are begun first, so that none is left alone at
    the end.
    """
    if workers <= 1 or len(tasks) <= 1:
        for task in tasks:
            yield task, do_task(task, shop, report)
        return
    left: list[Task] = []
    largest_first = sorted(tasks, key=lambda task: (-task.bytes, task.number))
    for task, done in _in_pool(largest_first, shop, workers, report, begun):
        if done is None:
            left.append(task)
        else:
            yield task, done
    # Which of them broke the pool cannot be told: each gets a process of its own now.
    yield from _one_by_one(left, shop, report)


def _one_by_one(
    tasks: Sequence[Task], shop: Workshop, report: Callable[[int], None]
) -> Iterator[tuple[Task, Done]]:
    for task in tasks:
        for _, done in _in_pool([task], shop, 1, report, lambda: None):
            yield task, done or Done(reason=DIED, failed=True)


def _in_pool(
    tasks: Sequence[Task],
    shop: Workshop,
    workers: int,
    report: Callable[[int], None],
    begun: Callable[[], None],
) -> Iterator[tuple[Task, Done | None]]:
    """Yield each task with its result, None where the pool broke before it was done."""
    # A forked child has the catalogue and its patterns already; elsewhere it loads them itself.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    told: Any = context.SimpleQueue()
    if sys.platform == "linux":
        _here.shop = shop
        _ = shop.finder, shop.judge
    pool = ProcessPoolExecutor(workers, context, _begin, (shop, told))
    try:
        futures: dict[Future[Done], Task] = {pool.submit(_work, task): task for task in tasks}
        begun()
        pending = set(futures)
        while pending:
            ready, pending = wait(pending, timeout=0.1, return_when=FIRST_COMPLETED)
            while not told.empty():
                report(told.get())
            for future in ready:
                try:
                    yield futures[future], future.result()
                except BrokenProcessPool:
                    yield futures[future], None
        while not told.empty():
            report(told.get())
    except BaseException:
        for process in list((pool._processes or {}).values()):
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        _here.shop = None


def _begin(shop: Workshop, told: Any) -> None:
    """Set up a worker: it leaves Ctrl-C to the parent, and does not outlive it."""
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _here.shop = _here.shop or shop
    _here.told = told


def _die_with_parent() -> None:
    """Have this worker end when its parent is killed, so that it holds no lock and no memory."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            # prctl(PR_SET_PDEATHSIG): see prctl(2).
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _work(task: Task) -> Done:
    if _here.shop is None:
        raise RuntimeError("the worker was not set up")
    return do_task(task, _here.shop, _tell)


def _tell(count: int) -> None:
    if count:
        _here.told.put(count)
