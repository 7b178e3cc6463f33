"""All models compared: every split, the mean and its corrected interval."""

import numpy as np
from matplotlib.figure import Figure

from backprop.report.figures import style
from backprop.report.figures.study import Study, failures
from backprop.study.configurations import headline
from backprop.study.metrics import METRICS


def draw(study: Study, variant: str) -> Figure:
    """Draw each model's headline and each network's best configuration by one metric."""
    metric = METRICS[variant]
    table = study.configurations
    rows = [(model, headline(model, study.candidates), "") for model in table["model"].unique()]
    for model in study.networks(table):
        mine = table[(table["model"] == model) & table[variant].notna()]
        if len(mine) > 1:
            order = mine[variant].sort_values(ascending=not metric.higher_is_better, kind="stable")
            best = table.loc[order.index[0], "configuration"]
            rows.append((model, best, f"best of {len(table[table['model'] == model])}:\n"))
    figure, ax = style.canvas(1.4 + 0.72 * len(rows))
    labels = []
    for y, (model, configuration, prefix) in enumerate(rows):
        look = style.MODELS[model]
        splits = study.rows(study.scores, model, configuration)
        dead = (splits["status"] == "dead").to_numpy()
        values = splits[variant].to_numpy()
        places = y + style.swarm(values, 0.62)
        ax.scatter(values[~dead], places[~dead], s=16, color=look.colour, alpha=0.28, linewidth=0)
        ax.scatter(values[dead], places[dead], s=26, color=look.colour, marker="x", linewidth=1.2)
        summary = study.rows(table, model, configuration).iloc[0]
        mean, lower, upper = (summary[f"{variant}{end}"] for end in ("", "_lower", "_upper"))
        label = look.name
        if configuration is not None:
            label += f", {prefix}{study.describe(configuration)}"
        if np.isfinite(mean):
            ax.plot([lower, upper], [y, y], color=look.colour, linewidth=3, solid_capstyle="butt")
            ax.plot(
                mean, y, look.marker, color="white" if dead.any() else look.colour, markersize=10,
                markeredgecolor=look.colour if dead.any() else "white", markeredgewidth=1.5,
                zorder=5,
            )  # fmt: skip
        if failed := failures(splits["status"]):
            label += f"\n({failed})"
        if model == "logistic" and np.isfinite(mean):
            ax.axvline(mean, color=look.colour, linewidth=1, linestyle=":", zorder=1)
        labels.append(label)
    ax.set_yticks(range(len(rows)), labels)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.grid(visible=False, axis="y")
    ax.set_ylabel("Model")
    ax.set_xlabel(f"{metric.label} ({metric.unit})")
    if variant == "log_loss":
        ax.set_xscale("log")
        style.plain(ax.xaxis)
    style.legend(
        figure,
        [
            style.symbol("one split", marker="o", markersize=5, alpha=0.5),
            style.symbol("mean and corrected 95% interval", marker="o", linestyle="-", linewidth=3),
            style.symbol("mean of logistic regression", linestyle=":", color=style.BLACK),
        ],
    )
    return figure
