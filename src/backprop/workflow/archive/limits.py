"""A limit of the memory of a process that reads what anyone may have written."""

import resource
from contextlib import suppress

MAX_MEMORY = 4_000_000_000  # bytes: a file of 8 kB can announce little, and decode to gigabytes


def limit_memory() -> None:
    """Let this process, and those that it starts, have no more memory than `MAX_MEMORY`."""
    with suppress(ValueError, OSError):  # the system has no such limit
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        is_lower = hard != resource.RLIM_INFINITY and hard < MAX_MEMORY
        resource.setrlimit(resource.RLIMIT_DATA, (hard if is_lower else MAX_MEMORY, hard))


def without_limit() -> None:
    """Lift the limit, in a process that reads only what this one has checked and written."""
    with suppress(ValueError, OSError):
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
