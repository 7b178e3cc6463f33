"""The items of the report: their order in its menu, and those that are left out of it."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from backprop.config import Config
from backprop.report import contents
from backprop.typing import Json
from backprop.workflow.plan import paths

FIRST = ("new_data", "live", "decision_boundaries", "hard_rows", "tuning", "error_rates")
"""The items that the landing page names first."""


class Item(NamedTuple):
    """An item that a report may have.

    Attributes
    ----------
    file : str
        Its page or picture, as its rule names it.
    name : str
        Of the table or figure. If it has nothing to show, or its variant, so has the item.
    entry : TableEntry or Figure
    variant, by : str
        Of a picture of a figure; and what readers call it, "" if there is only one.
    """

    file: str
    name: str
    entry: contents.TableEntry | contents.Figure
    variant: str = ""
    by: str = ""

    @property
    def part(self) -> str:
        """The part of the report that it is in."""
        return contents.PARTS[self.name]


class Items:
    """The items of a report.

    Parameters
    ----------
    config : Config
    on_disk : callable, optional
        As `backprop.workflow.plan.plan.Plan` takes it.
    """

    def __init__(self, config: Config, on_disk: Callable[[str], str] = str) -> None:
        self._config, self._on_disk = config, on_disk

    def labels(self, dataset: str, file: str) -> dict[str, str]:
        """Return what the menu shows of an item of a data set, by the name of its column.

        Snakemake sorts a menu by these texts, so an item has a number: its place in its part. A
        space before a single digit, which browsers do not show, sorts it before two of them. If
        a single column but the first tells two items apart, Snakemake makes a switch of it. So a
        part of two has two such columns. The first is empty if there is one data set.
        """
        (item,) = (each for each in self._of[dataset] if each.file == file)
        part = [
            each.file
            for each in self._of[dataset]
            if each.part == item.part and (self.is_shown(self._on_disk(each.file)) or each == item)
        ]
        return {
            **({"data": dataset} if len(self._of) > 1 else {"": ""}),
            "#": f"{part.index(file) + 1:>2}",
            "table or figure": self._title(item, dataset),
            **({"by": item.by} if item.by else {}),
        }

    @property
    def labels_across(self) -> dict[str, str]:
        """What the menu shows of the page of all data sets; a space sorts it before them."""
        title = contents.ACROSS["across"].title
        return {"data": " all", "#": " 1", "table or figure": title}

    @cached_property
    def datasets(self) -> dict[str, str]:
        """The data set of each item, by its file on disk."""
        return {
            self._on_disk(item.file): dataset
            for dataset, items in self._of.items()
            for item in items
        }

    def seen_first(self, dataset: str) -> list[str]:
        """Return the titles and the parts of the items that readers want first."""
        items = {Path(item.file).stem: item for item in self._of[dataset]}
        return [
            f"{self._title(item, dataset)} ({item.part})"
            for name in FIRST
            if (item := items.get(name))
        ]

    def is_shown(self, file: str) -> bool:
        """Return whether a file on disk is an item, by the results: it is not if it is empty."""
        return file not in self._left_out

    def _title(self, item: Item, dataset: str) -> str:
        return contents.with_nouns(item.entry.title, self._config.datasets[dataset].row)

    @cached_property
    def _of(self) -> dict[str, list[Item]]:
        """The items of each data set, in their order."""
        order = [*contents.PARTS]
        return {
            dataset: sorted(_items(self._config, dataset), key=lambda item: order.index(item.name))
            for dataset in self._config.datasets
        }

    @cached_property
    def _left_out(self) -> set[str]:
        names: Mapping[str, Json] = {}
        with suppress(OSError, ValueError):  # there are no results
            file = Path(self._on_disk(paths.SUMMARY_JSON))
            names = json.loads(file.read_text(encoding="utf-8"))["datasets"]
        return {
            self._on_disk(item.file)
            for dataset, items in self._of.items()
            for item in items
            if {item.name, item.variant} & {*names.get(dataset, {}).get("left_out", ())}
        }


def _items(config: Config, dataset: str) -> Iterator[Item]:
    if contents.LIVE.possible(config, dataset):
        yield Item(paths.LIVE.format(dataset=dataset), "live", contents.LIVE)
    for name, table in contents.pages(config, dataset).items():
        yield Item(paths.page(name).format(dataset=dataset), name, table)
    yield Item(paths.ROWS_PAGE.format(dataset=dataset), "rows", contents.ROWS)
    page = paths.PROVENANCE_PAGE.format(dataset=dataset)
    yield Item(page, "provenance", contents.PROVENANCE)
    for name, figure in contents.figures(config, dataset).items():
        for variant, by in figure.pictures(config).items():
            file = paths.plot_page(name, variant).format(dataset=dataset)
            yield Item(file, name, figure, variant, by)
