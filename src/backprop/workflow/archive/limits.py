"""A limit of the memory of a process that reads what anyone may have written."""

import resource
from contextlib import suppress

MAX_MEMORY = 4_000_000_000  # bytes: a file of 8 kB can announce little, and decode to gigabytes


def limit_memory(limit: int = MAX_MEMORY) -> None:
    """Let this process, and those that it starts, have no more memory; -1 lifts the limit."""
    with suppress(ValueError, OSError):  # the system has no such limit
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        is_lower = limit < 0 or (hard != resource.RLIM_INFINITY and hard < limit)
        resource.setrlimit(resource.RLIMIT_DATA, (hard if is_lower else limit, hard))
