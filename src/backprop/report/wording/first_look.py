"""What a report says in its first line if it is only a first look."""

from backprop.config import Config
from backprop.models.registry import network_models
from backprop.report.wording.names import listed


def first_look_sentence(config: Config) -> str:
    """Say that this is a first look, how it is limited, and what a full run adds.

    Parameters
    ----------
    config : Config

    Returns
    -------
    str
        "" if it is a full run.
    """
    if not config.first_look:
        return ""
    validation, epochs = config.validation, config.training.epochs
    repeats = validation.repeats
    limits = {
        f"{repeats} repeat{'s' if repeats > 1 else ''} of cross-validation": True,
        f"networks that train for at most {epochs:,} epochs": bool(network_models(config.models)),
        "no nested cross-validation": validation.inner_folds is None,
        "no simulation of error rates": config.simulation.sets == 0,
    }
    return (
        f"This is a first look: {listed([words for words, is_so in limits.items() if is_so])}. A "
        "full run, without --quick, does all that the config asks for, draws all figures, and may "
        "change the verdict."
    )
