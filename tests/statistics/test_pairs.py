"""All pairs of models: the table and the figure."""

from in_memory import results_of, study_of
from made_fits import (
    GOOD,
    MORE,
    NEVER,
    OTHER,
    REFERENCE,
    by_model,
    judged,
    make_study,
)  # fmt: skip

from backprop.report.figures import labels, look, svg
from backprop.report.figures import pairs as figure_of_pairs
from backprop.statistics.comparison import compare_pairs


def compared(right, **models):
    study = make_study({REFERENCE: right}, **models)
    return compare_pairs(judged(study, by_model([REFERENCE])))


def test_a_model_without_scores_is_in_no_pair():
    table = compared(NEVER, softmax=OTHER)
    assert table[["model", "other"]].to_numpy().tolist() == [["softmax", "logistic"]]
    table = compared(NEVER)
    assert table.empty


def drawn(table, models, folder, inches=look.WIDE):
    """Draw the figure of a table of pairs of these models."""
    settings = {"rope": 0.01, "metric": "accuracy"}
    study = study_of(results_of(settings, {"pairs": table}, candidates={key: [] for key in models}))
    with look.drawing(inches):
        figure = figure_of_pairs.draw(study, "")
        svg.to_bytes(figure)
    return figure


def texts_of(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_a_cell_has_the_difference_its_interval_and_its_p_value(tmp_path):
    table = compared(MORE, softmax=GOOD, tensorflow=MORE)
    figure = drawn(table, ["logistic", "softmax", "scratch", "tensorflow"], tmp_path)
    row = table.set_index(["model", "other"]).loc["scratch", "logistic"]
    ends = [100 * row[f"difference_{end}"] for end in ("lower", "upper")]
    texts = texts_of(figure)
    numbers = "{:+.1f}\n{:+.1f} to {:+.1f}\np < 0.001".format(100 * row["difference"], *ends)
    assert numbers in texts
    assert len(texts) == 3
    ticks = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert ticks == ["Softmax", "Network"]  # two implementations are one
    table.loc[0, "outcome"] = "slightly different"
    narrow = drawn(table, ["logistic", "softmax", "scratch"], tmp_path, look.NARROW)
    names = [text.get_text() for text in narrow.legends[0].get_texts()]
    assert "different, but hardly by enough to matter" in names


def test_without_a_pair_the_figure_says_so(tmp_path):
    table = compared(NEVER)
    figure = drawn(table, ["logistic", "scratch"], tmp_path)
    assert labels.heading_of(figure) == "Fewer than two models have scores"
