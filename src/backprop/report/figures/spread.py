"""How much accuracy varies between the folds of a repeat, and between repeats."""

from matplotlib.figure import Figure

from backprop.report.figures import style
from backprop.report.figures.study import Study


def draw(study: Study, variant: str) -> Figure:
    """Draw two standard deviations for every configuration."""
    lines = study.lines(study.scores)
    figure, ax = style.canvas(1.5 + 0.34 * len(lines))
    for y, (_, entries) in enumerate(lines):
        shift = style.offsets([model for model, _ in entries], 0.34)
        failed: dict[str, str] = {}
        for model, configuration in entries:
            look = style.MODELS[model]
            place = y + shift[model]
            scores = study.rows(study.scores, model, configuration)
            if scores["accuracy"].isna().any():
                told = f"{scores['accuracy'].isna().sum()} of {len(scores)} fits diverged"
                failed[model] = told
                continue
            repeats = 100 * scores.groupby("repeat")["accuracy"].agg(["mean", "std"])
            within, between = repeats["std"].mean(), repeats["mean"].std()
            ax.plot([between, within], [place, place], color=look.colour, linewidth=1, alpha=0.5)
            ax.plot(within, place, look.marker, color=look.colour, markersize=7)
            ax.plot(
                between, place, look.marker, markersize=7, color="white",
                markeredgecolor=look.colour, markeredgewidth=1.4,
            )  # fmt: skip
        style.remark(ax, y, failed)
    ax.set_yticks(range(len(lines)), [label for label, _ in lines])
    ax.set_ylim(len(lines) - 0.4, -0.6)
    ax.set_xlim(left=-0.02 * ax.get_xlim()[1])
    ax.grid(visible=False, axis="y")
    ax.set_xlabel("Standard deviation of accuracy (percentage points)")
    count = study.scores["configuration"].nunique()
    ax.set_ylabel(style.counted("Configuration", "best", count, "configurations"))
    handles = [style.key(model) for model in study.scores["model"].unique()]
    handles += [
        style.symbol("between the folds of a repeat", marker="o"),
        style.symbol(
            "between the means of repeats", marker="o", markerfacecolor="white",
            markeredgewidth=1.4,
        ),
    ]  # fmt: skip
    style.legend(figure, handles, 3)
    return figure
