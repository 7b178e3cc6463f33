"""What a figure shows as CSV: every kind of mark, by the names of the axes and of the legend."""

import io

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D

from backprop.report.figures import look
from backprop.report.figures.drawn_values import values_of


def read(figure):
    return pd.read_csv(io.StringIO(values_of(figure)))


def test_every_kind_of_mark_is_a_line_with_its_place_and_name():
    with look.drawing():
        figure, (forest, curves, bars) = look.canvas(4, ncols=3)
        forest.set_yticks([0, 1], ["a", "=b\nc"])
        style = {"color": "blue", "marker": "o", "linestyle": ""}
        ends = [[0.25, 1, np.nan], [0.5, 2, np.nan]]
        forest.errorbar([1.25, 2, 3], [0.1, 1, 0], xerr=ends, **style)
        forest.set_title("Forest", loc="left")
        curves.plot([0, 1, 2, 3], [0, 1, 2, 0], color="red", linestyle="--")
        curves.plot([0, 1], [0, 0], color="green")
        curves.axhline(0.5)  # no value of the data
        curves.fill_between([0, 1], [1, 2], [3, 4])
        curves.scatter([5], [6])
        curves.contourf([[0, 1], [0, 1]])
        curves.contour([[0, 1], [0, 1]], [0.5], linewidths=0.9)
        curves.contour([[0, 1], [0, 1]], [0.25], linewidths=2)
        curves.plot([7, 7, np.nan, 8, 8, np.nan], [9, 9, np.nan, 9, 9, np.nan])
        curves.set_title("Curves", loc="left")
        bars.bar([0, 1], [2, 3])
        bars.set_title("Bars", loc="left")
        for ax in figure.axes:
            ax.set_xlabel("Size")
        handles = [Line2D([], [], **style, label="one"), curves.lines[0]]
        figure.legend(handles=handles, labels=["one", "two"])
    table = read(figure)
    assert [*table] == ["panel", "name", "drawn", "number", "Size", "up", "lower", "upper"]
    rows = {
        name: own.drop(columns=["drawn", "number"]).replace({np.nan: None}).to_numpy().tolist()
        for name, own in table.groupby("drawn")
    }
    assert rows == {
        "interval": [
            ["Forest", "one", 1.25, "a", 1.0, 1.75], ["Forest", "one", 2.0, "'=b c", 1.0, 4.0],
            ["Forest", "one", 3.0, "a", None, None],
        ],
        "line": [
            ["Curves", "two", 0.0, "0.0", None, None], ["Curves", "two", 2.0, "2.0", None, None],
            ["Curves", "two", 3.0, "0.0", None, None],  # (1, 1) is on the way
            ["Curves", None, 0.0, "0.0", None, None], ["Curves", None, 1.0, "0.0", None, None],
        ],
        "band": [["Curves", None, 0.0, None, 1.0, 3.0], ["Curves", None, 1.0, None, 2.0, 4.0]],
        "point": [
            ["Curves", None, 5.0, "6.0", None, None],
            ["Curves", None, 7.0, "9.0", None, None], ["Curves", None, 8.0, "9.0", None, None],
        ],
        "contour": [
            ["Curves", None, 0.25, "1.0", None, None], ["Curves", None, 0.25, "0.0", None, None]
        ],
        "bar": [["Bars", None, 0.0, "1.0", 0.0, 2.0], ["Bars", None, 1.0, "1.5", 0.0, 3.0]],
    }  # fmt: skip
    lines = table[table["drawn"] == "line"]
    assert lines.groupby("number").size().tolist() == [3, 2]


def test_cells_have_the_names_of_their_line_and_column():
    import seaborn as sns

    with look.drawing():
        figure, ax = look.canvas(3)
        cells = pd.DataFrame([[0.5, 1], [2, np.nan]], ["x", "y"], ["p", "q"])
        sns.heatmap(cells, ax=ax)
        ax.set(xlabel="Model", ylabel="Class")
    table = read(figure)
    assert table[["Model", "Class"]].agg("".join, axis=1).tolist() == ["px", "qx", "py", "qy"]
    np.testing.assert_array_equal(table["value"], [0.5, 1, 2, np.nan])


def test_numbers_have_five_digits():
    with look.drawing():
        figure, ax = look.canvas(2)
        ax.plot([1 / 3, 2], [1e-7 / 3, 1])
    assert "0.33333,3.3333e-08" in values_of(figure)
