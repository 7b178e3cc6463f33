"""What figures are drawn from: results, what to call the models, and where the rows are drawn.

All variants of a figure share one study.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from matplotlib.patches import Patch

from backprop.data.dataset import Dataset
from backprop.data.scaling import exponents
from backprop.escaping import for_figure
from backprop.models.candidate_lists import network_configurations
from backprop.models.registry import Model
from backprop.report.figures import look, markers, palette
from backprop.report.figures.contenders import Contenders
from backprop.report.figures.feature_plane import FeaturePlane
from backprop.report.figures.hyperparameter_series import evenly
from backprop.report.figures.labels import MOST_LETTERS_OF_NAME, brief
from backprop.report.wording.amounts import Unit, unit_of
from backprop.report.wording.names import plural, sentence_case
from backprop.statistics.axes_of_rows import clearest_features
from backprop.statistics.results import Results
from backprop.study.configurations import Configuration
from backprop.typing import Array, Integers

MOST_TICKS = 12  # of an axis of categories
MOST_POINTS = 2_000  # in a scatter plot; of more rows, it shows a part and says so


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

    @property
    def unit(self) -> Unit:
        """How to write a difference of the metric of the study."""
        return unit_of(self.results.metric)

    def key_of_rope(self) -> Patch:
        """Return the legend's entry of the differences that are too small to matter."""
        size = f"±{self.unit.scale * self.results.rope:g} {self.unit.name}".rstrip()
        patch = markers.area(f"practically equal ({size})", palette.ROPE, 1)
        patch.set_edgecolor(palette.ROPE_EDGE)
        return patch

    # The rows of the data

    @cached_property
    def dataset(self) -> Dataset:
        """The data set; what is too large or small to draw is divided by a power of 2."""
        dataset = self.results.dataset
        return replace(dataset, x=np.ldexp(dataset.x, -self._exponents))

    @cached_property
    def _exponents(self) -> Integers:
        x = self.results.dataset.x
        return exponents(np.nan_to_num(x), largest=1e100)  # NaN is missing

    @property
    def noun(self) -> str:
        """What the rows of the data are: a plural noun."""
        return plural(self.results.row)

    @property
    def classes(self) -> tuple[str, ...]:
        """What to call a row of each class."""
        return self.class_names()

    def class_names(self, letters: int = MOST_LETTERS_OF_NAME) -> tuple[str, ...]:
        """Return what to call a row of each class, in about this number of letters.

        A class that is only a number, or yes or no, is called by the label as well. Shortened names
        that are equal get the number of their class.
        """
        label = brief(self.dataset.label.replace("_", " "), letters)
        if self.dataset.classes == ("0", "1"):
            return for_figure(f"not {label}"), for_figure(label)
        names = [brief(name, letters) for name in self.dataset.classes]
        if len(set(names)) < len(names):
            names = [f"{name} ({c})" for c, name in enumerate(names, 1)]
        if letters == MOST_LETTERS_OF_NAME:
            short = re.compile(r"[-+.\d]+|yes|no|true|false", re.IGNORECASE)
            names = [f"{label} {name}" if short.fullmatch(name) else name for name in names]
        return tuple(map(for_figure, names))

    @cached_property
    def plane(self) -> FeaturePlane:
        """Where the rows are drawn."""
        return FeaturePlane(self.dataset, clearest_features(self.dataset))

    @property
    def drawn_rows(self) -> Integers:
        """The rows that are drawn in the plane, counted from 0: of many, a part."""
        return np.array(evenly(range(len(self.dataset.y)), MOST_POINTS))

    def name_axes(self, axes: look.Grid, up: str = "") -> None:
        """Label the axes of the panels that draw `plane`; `up` is for one without a second axis."""
        labels = [self.axis_label(place) for place in self.plane.features]
        look.label_panels(axes, *[*labels, up][:2])
        for axis, own in zip("xy", self.plane.categories, strict=False):
            places = evenly(range(len(own)), MOST_TICKS)
            for ax in axes.flat if own else ():
                names = [for_figure(brief(own[place], 14)) for place in places]
                ax.set(**{f"{axis}ticks": places, f"{axis}ticklabels": names})

    def drawn_values(self, place: int, values: Array) -> Array:
        """Return values of a feature, by its place, as `dataset` has them."""
        return np.asarray(np.ldexp(values, -self._exponents[place]))

    def axis_label(self, place: int) -> str:
        """Return what to call an axis of a feature, by its place."""
        name = self.dataset.features[place].replace("_", " ")
        exponent = self._exponents[place]
        power = f" (times $2^{{{exponent}}}$)" if exponent else ""
        return for_figure(brief(sentence_case(name), 32)) + power
