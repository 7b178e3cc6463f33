"""How many data sets to draw: what the simulation costs, by a formula that is the same everywhere.

It depends on the config and on the size of the data only, so that the tables do not depend on the
machine.
"""

from backprop.network.parameters import parameter_count
from backprop.study.configurations import Configuration

MOST_SETS, FEWEST_SETS = 100, 20  # if the config does not say how many
LONGEST = 60.0  # seconds for a model, if the config does not say how many


def simulation_seconds(
    configuration: Configuration, *, fits: int, rows: int, inputs: int, outputs: int, epochs: int
) -> float:
    """Return about how long one drawn data set takes.

    Parameters
    ----------
    configuration : Configuration
        Of a network or of logistic regression.
    fits : int
        The number of splits.
    rows : int
        That a fit is trained on.
    inputs, outputs : int
        Of a network on these data.
    epochs : int
        The largest number of epochs of a network.
    """
    if configuration.is_network:
        parameters = parameter_count(inputs, configuration.hidden, outputs)
        return fits * rows * epochs * parameters * 3e-9
    # Of several classes, each has a regression. As many data sets again measure the power.
    return 2 * fits * outputs * (2e-4 + rows * (inputs + 1) * (1e-7 + (inputs + 1) * 2e-9))


def sets_to_draw(seconds: float, wished: int | None) -> int:
    """Return how many data sets to draw if one takes some seconds.

    It is what the config wishes. If that is None, it is `MOST_SETS`, or fewer so that they do not
    take longer than `LONGEST`; 0 if less than `FEWEST_SETS` would be left, which show little.
    """
    if wished is not None:
        return wished
    sets = min(MOST_SETS, int(LONGEST / seconds))
    return sets if sets >= FEWEST_SETS else 0
