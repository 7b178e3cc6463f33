"""`backprop.compare` has the numbers of a study, from its predictions."""

import numpy as np
import pandas as pd

from backprop import compare
from backprop.data.canonical_form import read_dataset
from backprop.study.fits import predictions, read_fits
from backprop.study.splits import read_folds, splits_of


def test_the_predictions_of_a_study_compare_as_in_its_tables(finished):
    folder = finished.results / "ex4"
    data = read_dataset(folder / "data/dataset.csv", folder / "data/provenance.json")
    splits = splits_of(read_folds(folder / "data/folds.csv"))
    fits = read_fits(sorted((folder / "fits").rglob("*.parquet")))
    table = pd.read_csv(folder / "tables/comparison.csv").set_index("model")
    own = {
        model: predictions(
            fits[(fits["model"] == model) & (fits["configuration"] == row["configuration"])],
            len(data.y),
            2,
        )
        for model, row in table.iterrows()
    }
    compared = compare(data.y, own, [(each.train, each.test) for each in splits], rope=0.01)
    numbers = [
        "accuracy", "accuracy_lower", "accuracy_upper", "difference", "difference_lower",
        "difference_upper", "p_value", "p_adjusted", "worse", "equal", "better",
    ]  # fmt: skip
    assert [*compared.table.index] == [*table.index]
    assert set(compared.table["outcome"].dropna()) <= set(table["outcome"].dropna())
    np.testing.assert_allclose(compared.table[numbers], table[numbers], rtol=0, atol=1e-10)
