"""Published results of Newton's method for logistic regression on ex4."""

# J, the mean negative log-likelihood, after 0, 1, ... 5 steps from 0.
COSTS = [0.6931471806, 0.4409414251, 0.4088916925, 0.4055107761, 0.4054474539, 0.4054474249]
