import numpy as np
from lecture import EX4

from backprop.data.scaling import standardise
from backprop.models import softmax
from backprop.study.cross_validation import draw_folds
from backprop.study.splits import splits_of


def test_it_has_a_weight_vector_per_class():
    for split in splits_of(draw_folds(EX4.y, folds=5, repeats=2, seed=1)):
        x = standardise(EX4.x, split.train)
        fitted = softmax.fit(x[split.train], EX4.y[split.train])
        assert fitted.parameters.shape == (6,)
        assert fitted.converged
        vectors = fitted.parameters.reshape(2, 3)
        assert (abs(vectors) > 1e-3).all()
        np.testing.assert_allclose(vectors.sum(axis=0), 0, atol=1e-10)
        scores = np.column_stack([np.ones(80), x]) @ vectors.T
        p = softmax.predict(fitted.parameters, x)
        by_hand = np.exp(scores[:, 1]) / np.exp(scores).sum(axis=1)
        np.testing.assert_allclose(p, by_hand, rtol=1e-13)
