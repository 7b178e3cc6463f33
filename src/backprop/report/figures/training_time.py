"""What a fit costs."""

from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from backprop.models.registry import MODELS, is_network, network_models
from backprop.report.figures import labels, look, markers
from backprop.report.figures.study import Study
from backprop.report.wording.names import named_value
from backprop.statistics.results import places
from backprop.study.configurations import Shape


class TimedLine(NamedTuple):
    """A line of the figure: its label, its models, and the configurations whose fits it shows."""

    label: str
    models: list[str]
    configurations: list[str]


def draw(study: Study, variant: str) -> Figure:
    """Draw a line for each model, and each shape of the networks, which are side by side."""
    models = list(study.results.timings["model"].unique())
    shapes = _shapes(study)
    lines = [
        TimedLine(MODELS[m].label, [m], [each.name for each in study.results.candidates[m]])
        for m in models
        if not is_network(m)
    ]
    drawn = list(shapes)[: look.MAX_LINES]
    lines += [TimedLine(_label(shape), network_models(models), shapes[shape]) for shape in drawn]
    figure, ax = look.canvas(2.0 + 0.36 * len(lines))
    seconds = study.results.timings["seconds"].to_numpy()
    own = places(study.results.timings)
    medians: dict[str, float] = {}  # by the name of the model
    for y, line in enumerate(lines):
        shift = markers.offsets(line.models, 0.3)
        for model in line.models:
            rows = [own[model, name] for name in line.configurations]
            low, middle, high = np.quantile(1000 * seconds[np.concatenate(rows)], [0.05, 0.5, 0.95])
            # Of a network, that of the shape of its reference.
            medians.setdefault(MODELS[model].name, middle)
            place, entry = y + shift[model], MODELS[model]
            ax.plot([low, high], [place, place], color=entry.colour, linewidth=2)
            ax.plot(middle, place, entry.marker, color=entry.colour, markersize=7.5)
    title = labels.title_of_lines("Model or shape", "first", len(drawn), len(shapes), "shapes")
    labels.label_lines(ax, [line.label for line in lines], title)
    ax.set_xscale("log")
    look.plain_numbers(ax.xaxis)
    ax.set_xlabel("Time of training per fit (milliseconds, logarithmic)")
    handles = [markers.key(model) for model in models]
    markers.legend(
        figure, [*handles, markers.symbol("90% of the fits", linestyle="-", linewidth=2)]
    )
    if len(medians) > 1:
        shape = ", networks in the shape of their reference" if shapes else ""
        times = labels.extent(medians, "{:.3g} ms")
        labels.head(figure, f"Median time of training per fit{shape}: {times}")
    return figure


def _shapes(study: Study) -> dict[Shape, list[str]]:
    """Return the configurations of each shape, by name."""
    shapes: dict[Shape, list[str]] = {}
    for name, configuration in study.models.by_name.items():
        shapes.setdefault(configuration.shape, []).append(name)
    return shapes


def _label(shape: Shape) -> str:
    words = [named_value(key, getattr(shape, key)) for key in ("hidden", "activation", "cost")]
    return ", ".join(
        [
            *words,
            *[f"batches of {shape.batch_size}"] * (shape.batch_size > 1),
            *[named_value("optimiser", shape.optimiser)] * (shape.optimiser != "sgd"),
        ]
    )
