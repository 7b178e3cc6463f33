"""What figures are drawn from: results, what to call the models, and the rows of the data.

All variants of a figure share one study.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from matplotlib.patches import Patch

from backprop.models.candidate_lists import network_configurations
from backprop.models.registry import Model
from backprop.report.figures import markers, palette
from backprop.report.figures.contenders import Contenders
from backprop.report.figures.drawn_data import DrawnData
from backprop.report.wording.amounts import Unit, unit_of
from backprop.statistics.results import Results
from backprop.study.configurations import Configuration


@dataclass(frozen=True, eq=False)
class Study:
    """The results on one data set, and how they are drawn.

    Attributes
    ----------
    results : Results
    registry : mapping of str to Model
        Those that are built in, and the classifiers of scikit-learn of the config.
    """

    results: Results
    registry: Mapping[str, Model]

    @cached_property
    def models(self) -> Contenders:
        """What the models are called, and which are drawn as one."""
        return Contenders(self.results, self.registry)

    @cached_property
    def configurations(self) -> list[Configuration]:
        """The configurations of the networks, the reference first; empty without a network."""
        return network_configurations(self.results.candidates)

    @cached_property
    def data(self) -> DrawnData:
        """The rows of the data, and where they are drawn."""
        return DrawnData(self.results)

    @property
    def unit(self) -> Unit:
        """How to write a difference of the metric of the study."""
        return unit_of(self.results.metric)

    def key_of_rope(self) -> Patch:
        """Return the legend's entry of the differences that are too small to matter."""
        size = f"±{self.unit.scale * self.results.rope:g} {self.unit.name}".rstrip()
        return markers.area(f"practically equal ({size})", palette.ROPE, 1)
