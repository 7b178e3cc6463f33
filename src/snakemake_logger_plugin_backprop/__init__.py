"""Snakemake's plugin for ``--logger backprop``: few lines on the terminal, all others in the log.

Snakemake finds it by the name of this folder.
"""

from backprop.workflow.terminal import LogHandler

__all__ = ["LogHandler"]
