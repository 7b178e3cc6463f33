"""The folder of the project, the data of the lecture, and those of the irises."""

from pathlib import Path

from sklearn.datasets import load_iris

from backprop.data.dataset import Dataset
from backprop.data.sources import obtain

ROOT = Path(__file__).parents[1]
EX4 = obtain("bundled", file=ROOT / "resources" / "ex4.csv")
IRIS = Dataset(("a", "b", "c", "d"), "species", *load_iris(return_X_y=True), ("x", "y", "z"))
