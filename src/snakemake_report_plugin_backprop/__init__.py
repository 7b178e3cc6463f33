"""Snakemake's report with the menu and the style of this workflow, by ``--reporter backprop``.

Results that are not what they should be are refused, and an item whose table or figure is empty is
left out. Snakemake finds this plugin by the name of its
folder, and imports it before it reads a Snakefile. So the library is imported later: that beside
the Snakefile, which may be another copy.
"""

from dataclasses import dataclass
from typing import Any

from snakemake.report import html_reporter

METADATA: dict[str, list[str]] = {"In the menu, the eye opens an item, and i explains it": []}
"""A heading of the first page: a page without any has the graph of the rules in its place."""


@dataclass
class ReportSettings(html_reporter.ReportSettings):  # type: ignore[misc] # has no types
    """The path of the report, and a stylesheet in place of that of this workflow."""


class Reporter(html_reporter.Reporter):  # type: ignore[misc] # has no types
    """Writes the report."""

    def __post_init__(self) -> None:
        """Choose the style, and the results that are shown."""
        from backprop.workflow.housekeeping import WATCHES

        for watch in WATCHES:
            watch.refuse_stale()
        if WATCHES and self.settings.stylesheet_path is None:
            self.settings.stylesheet_path = WATCHES[0].style

        def is_shown(record: Any) -> bool:
            return all(watch.is_shown(str(record.path)) for watch in WATCHES)

        for parts in self.results.values():
            for part, records in parts.items():
                parts[part] = [*filter(is_shown, records)]
        self.metadata = self.metadata or METADATA  # type: ignore[has-type]
        super().__post_init__()

    def render(self) -> None:
        """Write it; say in one message why that is not possible."""
        from backprop.workflow.snakemake_internals import FileError, in_short

        try:
            super().render()
        except OSError as error:  # such as of a folder that cannot be changed
            raise FileError(in_short(error)) from None
