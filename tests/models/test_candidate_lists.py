"""The candidates of a study as a text, and back."""

from backprop.models.candidate_lists import candidates_as_text, read_candidates
from backprop.study.configurations import Configuration

NETWORKS = [
    Configuration.of_network((nodes,), "sigmoid", "squared_error", 0.1, "uniform")
    for nodes in (3, 2)
]
CANDIDATES = {
    "tensorflow": NETWORKS,
    "logistic": [Configuration((("l2", 0.01),)), Configuration()],
    "scratch": NETWORKS,
    "softmax": [Configuration()],
}


def test_what_is_read_is_what_was_written_in_its_order():
    read = read_candidates(candidates_as_text(CANDIDATES))
    assert read == CANDIDATES
    assert list(read) == list(CANDIDATES)
