"""The command `backprop` as ``python -m backprop``."""

from backprop.commands.command_line import main

main()
