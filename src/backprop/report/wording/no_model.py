"""Why no model is fitted to all rows, in a few words; the landing page has the sentences."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "check first": "a warning of the report says to check the data first",
    "no score": "fits of logistic regression, with which the others are compared, have no score",
    "no model": "none is shown to be better than a guess",
    "another metric": "none is shown to be better than a guess by the metric of the study",
    "only tuned": "only tuned models are shown to be better than a guess",
    "beside": "there is no other model to judge beside it",
}
"""By the kinds of a recommendation without a model; ``beside`` is for a rival that there is not."""
