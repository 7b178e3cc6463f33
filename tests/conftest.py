"""The order of the tests, and how much processor time they take."""

from processor_time import ProcessorTime

# With `--dist=loadfile` a file is one process's. A slow file that begins last is waited for.
SLOWEST = (
    "runs/test_reruns.py", "runs/test_interruption.py", "setup/test_setup.py",
    "runs/test_own_tables.py", "runs/test_reproducible.py", "runs", "statistics", "workflow",
)  # fmt: skip


def pytest_addoption(parser):
    help = "show which folders and tests take most processor time, with the processes they start"
    parser.addoption("--processor-time", action="store_true", help=help)


def pytest_configure(config):
    if config.option.processor_time:
        config.pluginmanager.register(ProcessorTime(config))


def pytest_collection_modifyitems(config, items):
    """Put the slowest files first, and keep the order of all others."""
    tests = config.rootpath / "tests"

    def place(item):
        slow = (n for n, name in enumerate(SLOWEST) if item.path.is_relative_to(tests / name))
        return next(slow, len(SLOWEST))

    items.sort(key=place)
