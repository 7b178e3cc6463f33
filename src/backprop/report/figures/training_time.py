"""What a fit costs."""

from matplotlib.figure import Figure

from backprop.report.figures import style
from backprop.report.figures.study import Study
from backprop.report.wording import value
from backprop.study.configurations import NETWORKS


def draw(study: Study, variant: str) -> Figure:
    """Draw a line for each baseline and each shape; models stand side by side."""
    timings = study.timings
    shapes = {c.name: c.shape for c in study.candidates}
    networks = study.networks(timings)
    lines = [
        (style.MODELS[m].name, [m], timings[timings["model"] == m])
        for m in timings["model"].unique()
        if m not in NETWORKS
    ]
    by_shape = dict(list(timings.groupby(timings["configuration"].map(shapes), sort=False)))
    every = list(dict.fromkeys(shapes.values()))
    for shape in every[: style.LINES] if networks else []:
        ours = by_shape[shape]
        label = ", ".join(value(k, getattr(shape, k)) for k in ("hidden", "activation", "cost"))
        lines.append((label, networks, ours))
    figure, ax = style.canvas(1.5 + 0.36 * len(lines))
    for y, (_, models, rows) in enumerate(lines):
        shift = style.offsets(models, 0.3)
        for model in models:
            milliseconds = 1000 * rows.loc[rows["model"] == model, "seconds"]
            look = style.MODELS[model]
            place = y + shift[model]
            low, middle, high = milliseconds.quantile([0.05, 0.5, 0.95])
            ax.plot([low, high], [place, place], color=look.colour, linewidth=2)
            ax.plot(middle, place, look.marker, color=look.colour, markersize=7.5)
    ax.set_xscale("log")
    style.plain(ax.xaxis)
    ax.set_xlabel("Time of one fit (milliseconds, logarithmic)")
    ax.set_ylabel(style.counted("Baseline or shape", "first", len(every), "shapes"))
    ax.set_yticks(range(len(lines)), [label for label, _, _ in lines])
    ax.set_ylim(len(lines) - 0.4, -0.6)
    ax.grid(visible=False, axis="y")
    handles = [style.key(model) for model in timings["model"].unique()]
    style.legend(figure, [*handles, style.symbol("90% of the fits", linestyle="-", linewidth=2)])
    return figure
