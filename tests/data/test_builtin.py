import numpy as np
import pytest
import sklearn.datasets

from backprop.data.builtin import BUILT_IN
from backprop.data.sources import obtain


def test_xor_is_four_clusters_that_no_line_separates():
    data = obtain("xor", seed=3)
    assert (data.features, data.label, data.x.shape) == (("x_1", "x_2"), "differ", (200, 2))
    corners = {tuple(corner) for corner in np.sign(data.x[::50].round()).astype(int).tolist()}
    assert corners == {(-1, -1), (-1, 1), (1, -1), (1, 1)}
    for start in range(0, 200, 50):
        cluster, y = data.x[start : start + 50], data.y[start : start + 50]
        centre = np.sign(cluster.mean(axis=0))
        assert set(y.tolist()) == {int(centre[0] != centre[1])}
        np.testing.assert_allclose(cluster.mean(axis=0), centre, atol=0.25)
        np.testing.assert_allclose(cluster.std(axis=0), 0.4, atol=0.12)


def test_xor_depends_on_the_seed_and_on_nothing_else():
    one, again, other = (obtain("xor", seed=seed).x for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert (one != other).all()
    np.testing.assert_allclose(one[0], [-0.8253, -0.8763], atol=1)


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "digits"])
def test_a_data_set_of_scikit_learn_is_that_of_scikit_learn(name):
    data = obtain(name)
    bunch = getattr(sklearn.datasets, f"load_{name}")()
    names = [str(target) for target in bunch.target_names[bunch.target]]
    assert [data.classes[y] for y in data.y] == names
    varies = np.ptp(bunch.data, axis=0) > 0
    np.testing.assert_array_equal(data.x, bunch.data[:, varies])
    assert list(data.features) == np.array(bunch.feature_names)[varies].tolist()


def test_columns_of_a_data_set_by_name_may_be_chosen():
    data = obtain("iris", features=["petal width (cm)", "petal length (cm)"])
    assert data.x[0].tolist() == [0.2, 1.4]


def test_of_breast_cancer_the_malignant_class_is_positive_unless_the_config_says_otherwise():
    assert obtain("breast_cancer").classes == ("benign", "malignant")
    assert obtain("breast_cancer", positive="benign").classes == ("malignant", "benign")


def test_the_names_of_the_data_sets():
    assert {"bundled", "xor", "iris", "wine", "breast_cancer", "digits"} == BUILT_IN.keys()
