"""Snakemake's report with the menu and the style of this workflow, by ``--reporter backprop``.

Results that are not what they should be are refused, and an item whose table or figure is empty is
left out. Snakemake finds this plugin by the name of its folder, and imports it before it reads a
Snakefile. So the library is imported later: that beside the Snakefile, which may be another copy.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import yaml
from snakemake.report import html_reporter


@dataclass
class ReportSettings(html_reporter.ReportSettings):  # type: ignore[misc] # has no types
    """The path of the report, and a stylesheet in place of this workflow's."""


class Reporter(html_reporter.Reporter):  # type: ignore[misc] # has no types
    """Writes the report."""

    def __post_init__(self) -> None:
        """Choose the style, and the results that are shown."""
        from backprop.workflow.snakemake_run.housekeeping import WATCHES

        for watch in WATCHES:
            watch.refuse_stale()
        if WATCHES:
            style = Path(WATCHES[0].style)
            first_page = style.with_name("first_page.yaml").read_text(encoding="utf-8")
            self.metadata = self.metadata or yaml.safe_load(first_page)  # type: ignore[has-type]
            self.settings.stylesheet_path = self.settings.stylesheet_path or style

        for parts in self.results.values():
            for part, records in parts.items():
                parts[part] = [r for r in records if all(w.is_shown(str(r.path)) for w in WATCHES)]
        super().__post_init__()

    def render(self) -> None:
        """Write it; say in one message why that is not possible."""
        from backprop.disk import in_short

        try:
            super().render()
        except OSError as error:  # such as of a folder that cannot be changed
            sys.exit(f"error: {in_short(error)}")
