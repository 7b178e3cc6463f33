"""The folder of the project, the data of the lecture, and those of the irises."""

from pathlib import Path

from sklearn.datasets import load_iris

from backprop.data.canonical_form import read_dataset
from backprop.data.dataset import Dataset

ROOT = Path(__file__).parents[1]
EX4 = read_dataset(ROOT / "resources" / "ex4.csv")
IRIS = Dataset(("a", "b", "c", "d"), "species", *load_iris(return_X_y=True), ("x", "y", "z"))
