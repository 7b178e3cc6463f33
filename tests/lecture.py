"""The folder of the project, and the data of the lecture."""

from pathlib import Path

from backprop.data.canonical_form import read_dataset

ROOT = Path(__file__).parents[1]
EX4 = read_dataset(ROOT / "resources" / "ex4.csv")
