"""The questions on training of the guided path: NumPy's numbers, and sentences that are true."""

from types import SimpleNamespace

import numpy as np
import pytest
from lecture import EX4, IRIS
from live_node import ask
from live_study import REFERENCE, changed, study
from test_guided_path import Net, four_classes, half, same

EPOCHS = 12
ALIKE = {"cost": "cross_entropy", "initialisation": "glorot"}
STUDIES = {
    "ex4": (EX4, REFERENCE),
    "iris": (half(IRIS), changed(learning_rate=0.5)),
    "four classes": (four_classes(), changed(activation="tanh", **ALIKE, learning_rate=0.03)),
    "Adam": (EX4, changed(optimiser="adam", learning_rate=0.03, hidden=(3, 2))),
    "Adam with a large epsilon": (EX4, changed(optimiser="adam", epsilon=0.5)),
    "momentum in batches": (
        EX4, changed(optimiser="momentum", learning_rate=0.05, batch_size=20, l2=0.001),
    ),
    "one hidden node": (EX4, changed(hidden=(1,), learning_rate=3.0, **ALIKE)),
    "dead nodes": (EX4, changed(activation="relu", learning_rate=20.0)),
    "in epochs of plenty": (EX4, changed(hidden=(9,), learning_rate=3.0, **ALIKE)),
    "a rate that is too small": (EX4, changed(learning_rate=1e-30)),
    "diverging": (EX4, changed(activation="relu", learning_rate=1e120, cost="cross_entropy")),
}  # fmt: skip
OPTIONS = {"in epochs of plenty": {"epochs": 450, "patience": 440, "tolerance": 0.0}}
CHAOTIC = {"dead nodes", "diverging", "in epochs of plenty", "one hidden node"}


class Trained(Net):
    """A network of a study that is trained in batches, with weight decay, by any optimiser."""

    def __init__(self, dataset, split, values, epochs):
        equal = values["initialisation"] == "equal"
        drawn = {**values, "initialisation": "uniform"} if equal else values
        super().__init__(dataset, split, drawn)
        for parameter in (each for layer in self.layers for each in layer):
            parameter[...] = 0.5 if equal else parameter
        self.values, self.t = values, 0
        flat = [each for layer in self.layers for each in layer]
        self.u, self.m, self.s = ([np.zeros_like(each) for each in flat] for _ in range(3))
        rows = split.train
        self.curve, self.tested, self.start = [], [self.look()], self.costs(rows).mean()
        for epoch in range(epochs):
            order, costs = rows[self.orders.permutation(len(rows))], []
            size = values["batch_size"]
            for begin in range(0, len(order), size):
                costs += [*self.costs(order[begin : begin + size])]
                moved = self.step(order[begin : begin + size])
                if epoch == begin == 0:
                    self.first = moved
            self.curve.append(np.mean(costs))
            self.tested.append(self.look())

    def look(self):
        return self.costs(self.split.test).mean(), self.accuracy()

    def gradient(self, rows):
        gradient = [0 * each for layer in self.layers for each in layer]
        for row in rows:
            errors, b = self.errors(row)
            for k, (error, below) in enumerate(zip(errors, b[:-1], strict=True)):
                gradient[2 * k] += np.outer(below, error) / len(rows)
                gradient[2 * k + 1] += error / len(rows)
        for k, (w, _) in enumerate(self.layers):
            gradient[2 * k] += self.values["l2"] * w
        return gradient

    def step(self, rows):
        """Take the step of a batch; return how far it moves a parameter on average."""
        v, self.t, moved = self.values, self.t + 1, []
        parameters = [each for layer in self.layers for each in layer]
        for k, (own, g) in enumerate(zip(parameters, self.gradient(rows), strict=True)):
            self.u[k] = v["momentum"] * self.u[k] + g
            self.m[k] = v["beta_1"] * self.m[k] + (1 - v["beta_1"]) * g
            self.s[k] = v["beta_2"] * self.s[k] + (1 - v["beta_2"]) * g**2
            scale = np.sqrt(1 - v["beta_2"] ** self.t) / (1 - v["beta_1"] ** self.t)
            adam = scale * self.m[k] / (np.sqrt(self.s[k]) + v["epsilon"])
            step = (
                v["learning_rate"] * {"sgd": g, "momentum": self.u[k], "adam": adam}[v["optimiser"]]
            )
            own -= step
            moved.append(np.abs(step).ravel())
        return np.concatenate(moved).mean()

    def size(self):
        return np.sqrt(np.mean(np.concatenate([w.ravel() for w, _ in self.layers]) ** 2))


@pytest.fixture(scope="module", params=STUDIES)
def asked(request):
    """A study, and what the path finds in it."""
    dataset, configuration = STUDIES[request.param]
    options = {"epochs": EPOCHS, **OPTIONS.get(request.param, {})}
    splits, known = study(dataset, configuration, **options)
    facts = {name: SimpleNamespace(**own) for name, own in ask("path", exported=known).items()}
    constants = {"momentum": 0.9, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8}
    values = {**constants, **configuration.values()}
    return SimpleNamespace(dataset=dataset, split=splits[0], facts=facts, values=values,
                           is_chaotic=request.param in CHAOTIC)  # fmt: skip


def trained(asked, **changes):
    return Trained(asked.dataset, asked.split, {**asked.values, **changes}, EPOCHS)


def assert_costs(facts, *nets):
    """Assert that two networks have the costs that were found."""
    for k, net in enumerate(nets):
        same(facts.train[k], net.costs(net.split.train).mean())
        same(facts.test[k], net.look()[0])
    differences = nets[0].costs(nets[0].split.test) - nets[1].costs(nets[1].split.test)
    error = differences.std(ddof=1) / np.sqrt(len(differences))
    assert facts.isChance == bool(abs(differences.mean()) <= 2 * error)


def test_what_is_found_is_what_numpy_trains(asked):
    if asked.is_chaotic:
        pytest.skip("rounding may decide")
    f, v, reference = asked.facts, asked.values, trained(asked)
    equal = trained(asked, initialisation="equal")
    assert_costs(f["symmetry"], equal, reference)
    same(f["symmetry"].accuracies, [equal.look()[1], reference.look()[1]])
    size = 16 if v["batch_size"] < 16 else 1
    ratio = 1 if v["optimiser"] == "adam" else size / v["batch_size"]
    rate = v["learning_rate"] * ratio
    assert f["batch"].sizes == [size, v["batch_size"]]
    assert f["batch"].rates == pytest.approx([rate, v["learning_rate"]])
    assert f["batch"].updates == [-(-len(asked.split.train) // each) for each in f["batch"].sizes]
    assert_costs(f["batch"], trained(asked, batch_size=size, learning_rate=rate), reference)
    rates = {"sgd": v["learning_rate"], "momentum": 10 * v["learning_rate"], "adam": 0.1}
    plain = {"optimiser": "sgd", "learning_rate": rates[v["optimiser"]]}
    descent = trained(asked, **plain)
    slow = {"optimiser": "momentum", "learning_rate": plain["learning_rate"] / 10}
    assert f["momentum"].rates == pytest.approx([slow["learning_rate"], plain["learning_rate"]])
    assert_costs(f["momentum"], trained(asked, **slow), descent)
    rate = v["learning_rate"] if v["optimiser"] == "adam" else 0.01
    adam = trained(asked, optimiser="adam", learning_rate=rate)
    assert_costs(f["adam"], adam, descent)
    same(f["adam"].steps, [adam.first, descent.first])
    target = (adam.start + min(adam.start, *adam.curve, *descent.curve)) / 2
    halfway = [next((k for k, c in enumerate(net.curve, 1) if c <= target), None)
               for net in (adam, descent)]  # fmt: skip
    assert f["adam"].epochs == halfway
    decays = [10 * v["l2"] or 0.01, v["l2"]]
    assert f["decay"].decays == pytest.approx(decays)
    decayed = trained(asked, l2=decays[0])
    assert_costs(f["decay"], decayed, reference)
    same(f["decay"].sizes, [decayed.size(), reference.size()])
    costs, accuracies = np.transpose(reference.tested)
    least = int(np.argmin(costs))
    assert f["stop"].epochs == [least, EPOCHS]
    same(f["stop"].test, [costs[least], costs[-1]])
    same(f["stop"].accuracies, [accuracies[least], accuracies[-1]])


def test_each_answer_follows_from_the_numbers(asked):
    f = asked.facts
    alike = {name: abs(np.subtract(*f[name].train)) <= 0.1 * max(f[name].train)
             for name in ("batch", "momentum") if not any(f[name].diverged)}  # fmt: skip
    if f["symmetry"].diverged[0]:
        assert f["symmetry"].right == []
    else:
        assert f["symmetry"].right == [2 if f["symmetry"].isStill else 1]
        assert set(f["symmetry"].nodes) == {1}
    for name, lower, higher in (("batch", 0, 2), ("momentum", 2, 0)):
        if name in alike:
            first, second = f[name].train
            assert f[name].right == [1 if alike[name] else lower if first < second else higher]
        else:
            diverges = name == "batch" and f[name].diverged[0]
            assert f[name].right == ([3] if diverges else [])
    epochs = [each or np.inf for each in f["adam"].epochs]
    if any(f["adam"].diverged) or min(epochs) == np.inf:
        assert f["adam"].right == []
    else:
        is_same = max(epochs) < 2 * min(epochs)
        assert f["adam"].right == [2 if is_same else int(epochs[0] > epochs[1])]
    decay, stop = f["decay"], f["stop"]
    if not any(decay.diverged):
        of_test = [0, 1] if decay.isChance else [int(decay.test[0] >= decay.test[1])]
        assert decay.right == (of_test if decay.sizes[0] < decay.sizes[1] else [2])
    if not stop.isOpen:
        is_end = stop.test[1] <= 1.01 * stop.test[0]
        rose = [2 if stop.epochs[0] == 0 else 1]
        assert stop.right == ([0] if is_end else [*[0] * stop.isChance, *rose])


# The sentences

SAID = [
    ("symmetry", "grow without end here", "权重无限增长", lambda f: f.diverged[0]),
    ("symmetry", "all steps are 0", "每一步都是 0", lambda f: f.right == [2]),
    ("symmetry", "what one node could do", "只相当于一个节点", lambda f: f.right == [1]),
    (
        "symmetry", "no symmetry to break", "没有对称性要打破",
        lambda f: not f.diverged[0] and f.isAlone,
    ),
    (
        "symmetry", "here the training cost is lower for it", "训练代价因此更低",
        lambda f: not f.diverged[0] and not f.isAlone and f.train[0] * 0.9 > f.train[1],
    ),
    (
        "symmetry", "do not need that here", "不需要这样",
        lambda f: not any(f.diverged) and not f.isAlone and f.train[0] * 0.9 <= f.train[1],
    ),
    ("batch", "step of Adam is about as long", "对各种批量都差不多", lambda f: f.isAdam),
    ("batch", "The rate grows with the batch", "与批量成正比", lambda f: not f.isAdam),
    ("batch", "A rate is too large", "学习率太大", lambda f: any(f.diverged)),
    ("batch", "differ by at most a tenth", "不超过十分之一", lambda f: f.right == [1]),
    ("batch", "batches end lower", "批量大的最后代价更低", lambda f: larger_is_lower(f) is True),
    ("batch", "batches end higher", "批量大的最后代价更高", lambda f: larger_is_lower(f) is False),
    (
        "batch", "of the same length", "步长相同而步数更少",
        lambda f: larger_is_lower(f) is False and f.isAdam,
    ),
    ("momentum", "cannot be seen", "看不出这一点", lambda f: any(f.diverged)),
    ("momentum", "So it does here", "这里正是这样", lambda f: f.right == [1]),
    ("momentum", "Here it goes farther", "这里它走得更远", lambda f: f.right == [2]),
    ("momentum", "Here it does not", "这里没有那么远", lambda f: f.right == [0]),
    ("adam", "the weights grow without end", "权重无限增长", lambda f: any(f.diverged)),
    (
        "adam", "does not get halfway", "没有降到",
        lambda f: not any(f.diverged) and None in f.epochs,
    ),
    (
        "adam", "be its gradient large or small", "不论梯度大小",
        lambda f: f.steps[0] >= f.rates[0] / 2,
    ),
    ("adam", "many gradients are 0", "许多梯度是 0", lambda f: f.steps[0] < f.rates[0] / 2),
    ("adam", "less than a factor of 2", "不到 2 倍", lambda f: f.right == [2]),
    (
        "adam", "gets halfway sooner here", "走得较快",
        lambda f: f.right == [int(f.steps[0] <= f.steps[1])],
    ),
    (
        "adam", "does not decide here", "不起决定作用",
        lambda f: f.right == [int(f.steps[0] > f.steps[1])],
    ),
    ("decay", "grow without end", "无限增长", lambda f: any(f.diverged)),
    ("decay", "so pulls it towards 0", "从而把权重拉向 0", lambda f: 0 in f.right or 1 in f.right),
    ("decay", "do not end nearer", "并不离 0 更近", lambda f: f.right == [2]),
    (
        "decay", "costs some of the fit", "使拟合变差一些",
        lambda f: not any(f.diverged) and f.train[0] > 1.01 * f.train[1],
    ),
    (
        "decay", "costs hardly any", "几乎没有使拟合变差",
        lambda f: not any(f.diverged) and f.train[0] <= 1.01 * f.train[1],
    ),
    ("decay", "can be chance", "可能出于偶然", lambda f: f.right == [0, 1]),
    ("stop", "This training diverges", "这次训练发散", lambda f: f.isOpen),
    ("stop", "nothing is gained", "没有好处", lambda f: f.right == [0]),
    ("stop", "this rise can be chance", "可能出于偶然", lambda f: f.right in ([0, 1], [0, 2])),
    ("stop", "would keep the weights", "会保留代价较低时的权重", lambda f: f.right in ([1], [2])),
    ("stop", "(of every 2 epochs)", "每 2 轮看一次", lambda f: f.every > 1),
    ("stop", "trains for all epochs", "训练满全部轮数", lambda f: f.patience is None),
    ("stop", "epochs without progress", "轮没有进展", lambda f: f.patience is not None),
]  # fmt: skip


def larger_is_lower(f):
    """Return whether larger batches end lower; None if that is not to be said."""
    if f.right not in ([0], [2]):
        return None
    return (f.right == [0]) == (f.sizes[0] > f.sizes[1])


@pytest.mark.parametrize("language", [0, 1])
def test_a_sentence_is_said_where_it_is_true_and_nowhere_else(asked, language):
    for name, *texts, is_true in SAID:
        facts = asked.facts[name]
        is_said = texts[language] in facts.sentences[language]
        if facts.right == [] and name == "stop" and "diverges" not in texts[0]:
            continue  # nothing more is said
        assert is_said == bool(is_true(facts)), (name, texts[language], facts.sentences)


def test_each_kind_of_sentence_is_true_of_a_study_here():
    facts = []
    for title, (dataset, configuration) in STUDIES.items():
        options = {"epochs": EPOCHS, **OPTIONS.get(title, {})}
        facts.append(ask("path", exported=study(dataset, configuration, **options)[1]))
    is_said = {
        english: any(is_true(SimpleNamespace(**own[name])) for own in facts)
        for name, english, _, is_true in SAID
    }
    assert [english for english, own in is_said.items() if not own] == []
