"""Work that several processes do side by side, each on one core."""

import atexit
import logging
import os
import signal
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

T = TypeVar("T")
R = TypeVar("R")


def side_by_side(
    tasks: Sequence[T], work: Callable[[T], Iterable[R]], processes: int
) -> Iterator[tuple[int, R]]:
    """Do tasks in processes that are forked, so that they share the memory of this one.

    None of them outlives this process, or the iterator. Each computes with one thread: the results
    do not depend on how many there are.

    Parameters
    ----------
    tasks : sequence
    work : callable
        Does a task, and returns its results.
    processes : int
        At least 1, which is this process.

    Yields
    ------
    place, result : int, object
        The place of the task, and one of its results, as soon as it is there.

    Raises
    ------
    Exception
        The first error of a task, with its traceback as a note.
    ChildProcessError
        If a process was killed.
    """
    if processes == 1:
        yield from ((place, each) for place, task in enumerate(tasks) for each in work(task))
        return
    fork = get_context("fork")
    turns = fork.Value("q", 0)
    running: dict[Connection, BaseProcess] = {}

    def end() -> None:
        for process in running.values():
            process.kill()
            process.join()

    # This process may end while nobody asks for a result. Python would then wait for all tasks.
    atexit.register(end)
    try:
        for number in range(min(processes, len(tasks))):
            receiver, sender = fork.Pipe(duplex=False)
            # While each has one task, the first says how far all are.
            is_silent = number > 0 or len(tasks) > processes
            arguments = (os.getpid(), tasks, work, turns, sender, is_silent)
            running[receiver] = fork.Process(target=_take_turns, args=arguments)
            with warnings.catch_warnings():  # of other threads, which hold no lock
                warnings.simplefilter("ignore", DeprecationWarning)
                running[receiver].start()
            sender.close()
        while running:
            ready = wait(list(running))
            for receiver in [each for each in running if each in ready]:
                yield from _received(receiver, running)
    finally:
        end()
        atexit.unregister(end)


def _received(
    receiver: Connection, running: dict[Connection, BaseProcess]
) -> Iterator[tuple[int, Any]]:
    """Yield what a process has sent; if it has ended, take it from those that run."""
    try:
        place, result, error = receiver.recv()
    except (EOFError, OSError):
        process = running.pop(receiver)
        process.join()
        if process.exitcode:
            ended = f"a process of this job ended with code {process.exitcode}"
            raise ChildProcessError(f"{ended}; if memory ran out, use fewer cores") from None
        return
    if error is not None:
        raise error
    yield place, result


def _take_turns(
    parent: int,
    tasks: Sequence[T],
    work: Callable[[T], Iterable[R]],
    turns: Any,
    sender: Connection,
    is_silent: bool,
) -> None:
    """Do the next task until there is none, and send all results."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent gets it, too, and ends this process
    threading.Thread(target=_end_with, args=[parent], daemon=True).start()
    # For libraries that are still to be imported.
    os.environ.update({name: "1" for name in os.environ if name.endswith("_NUM_THREADS")})
    for handler in logging.getLogger().handlers:
        handler.addFilter(lambda record: not (is_silent and hasattr(record, "done")))
    with threadpool_limits(1):
        for place in _turns(turns, len(tasks)):
            try:
                for result in work(tasks[place]):
                    sender.send((place, result, None))
            except Exception as error:
                error.add_note(traceback.format_exc())
                sender.send((place, None, error))
                return


def _turns(turns: Any, tasks: int) -> Iterator[int]:
    """Yield the places of the tasks that this process takes."""
    while True:
        with turns.get_lock():
            place = turns.value
            turns.value += 1
        if place >= tasks:
            return
        yield place


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)
