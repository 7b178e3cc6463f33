"""Small tables like those that users bring, drawn with a fixed seed; the figures are our own.

What is looked at in the tables of any data set is here, too.
"""

import csv
import io
import json

import numpy as np

DIGITS = (178, 182, 177, 183, 181, 182, 181, 179, 174, 180)
CLASSES = {
    "penguins": {"Adelie": 44, "Chinstrap": 20, "Gentoo": 36},
    "semicolons": {"high": 12, "low": 150, "middle": 41},
    "rare": {"well": 95, "ill": 5},
    "digits": dict(zip("0123456789", DIGITS, strict=True)),
    "breast_cancer": {"malignant": 212, "benign": 357},
}


def table(project, path):
    """Return the rows of a table of results, as mappings of texts."""
    return list(csv.DictReader(io.StringIO(project.read(f"results/{path}"))))


def check_comparison(project, dataset, models, positive):
    """Check that models are compared on the classes of a data set."""
    comparison = table(project, f"{dataset}/tables/comparison.csv")
    assert [row["model"] for row in comparison] == models
    assert all(0 <= float(row["accuracy"]) <= 1 for row in comparison)
    provenance = json.loads(project.read(f"results/{dataset}/data/provenance.json"))
    assert list(provenance["classes"].items()) == list(CLASSES[dataset].items())
    assert provenance["positive"] == positive


def penguins():
    """Return a table with three classes, two columns of texts, numbers, and missing values."""
    generator = np.random.default_rng(1)
    kinds = {"Adelie": (39, 18.5, 190), "Chinstrap": (49, 18.4, 196), "Gentoo": (47.5, 15, 217)}
    islands = {"Adelie": ["Biscoe", "Dream", "Torgersen"], "Chinstrap": ["Dream"]}
    lines = ["species,island,bill_length,bill_depth,flipper_length,sex"]
    for name, rows in zip(kinds, (44, 20, 36), strict=True):
        for _ in range(rows):
            sizes = generator.normal(kinds[name], (3, 1, 7)).round(1).astype(str)
            island = generator.choice(islands.get(name, ["Biscoe"]))
            cells = [*sizes, generator.choice(["female", "male"])]
            missing = generator.random(4) < 0.05
            cells = ["NA" if gap else cell for cell, gap in zip(cells, missing, strict=True)]
            lines.append(",".join([name, island, *cells]))
    return "\n".join([*lines, ""])


def semicolons():
    """Return a table of 203 rows with semicolons, decimal commas and three unbalanced classes."""
    generator = np.random.default_rng(2)
    lines = ["risk;age;pulse;region"]
    for name, rows, mean in (("low", 150, 40), ("middle", 41, 55), ("high", 12, 70)):
        for _ in range(rows):
            age, pulse = generator.normal((mean, 2 * mean), (8, 15)).round(1).astype(str)
            region = generator.choice(["north", "south"])
            lines.append(f"{name};{age};{pulse};{region}".replace(".", ","))
    return "\n".join([*lines, ""])


def rare():
    """Return a table in which 5 of 100 rows are of one class."""
    generator = np.random.default_rng(3)
    lines = ["a,b,state"]
    for row in range(100):
        a, b = generator.normal((2, 1) if row % 20 == 0 else (0, 0)).round(3)
        lines.append(f"{a},{b},{'ill' if row % 20 == 0 else 'well'}")
    return "\n".join([*lines, ""])
