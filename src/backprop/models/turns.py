"""Train fits one after another."""

import logging
from collections.abc import Callable, Sequence

from backprop.study.configurations import Configuration
from backprop.study.splits import Split
from backprop.study.trained import Trained

log = logging.getLogger(__name__)


def train_in_turn(
    fits: Sequence[tuple[Configuration, Split]],
    train_fit: Callable[[Configuration, Split], Trained],
) -> list[Trained]:
    """Train each fit by ``train_fit(settings, split)``, and log how many are done."""
    trained = []
    for number, (settings, split) in enumerate(fits):
        log.info("fit %d of %d", number + 1, len(fits), extra={"done": number / len(fits)})
        trained.append(train_fit(settings, split))
    return trained
