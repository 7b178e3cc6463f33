"""What a user types after `backprop`, run in this process."""

from backprop.commands.command_line import main


def typed(*words):
    """Run a command; an exit code or a message of an error is raised."""
    try:
        main([*map(str, words)])
    except SystemExit as end:
        if end.code:
            raise
