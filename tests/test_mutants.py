"""The mutants of the library: see `make test-mutants`."""

import ast

import mutants


def changed(expression):
    """Return all changes of an expression, in words."""
    (statement,) = ast.parse(expression).body
    return [ast.unparse(other) for other in mutants.changes_of(statement.value)]


def test_a_change_is_another_comparison_operator_number_or_name():
    assert changed("a < b") == ["a <= b"]
    assert changed("a * b") == ["a / b", "a"]
    assert changed("a and b") == ["a or b", "a"]
    assert changed("-a") == ["a"]
    assert changed("a if b else c") == ["a", "c"]
    assert changed("True") == ["False"]
    assert changed("0.5") == ["1.5"]
    assert changed("np.argmax") == ["np.argmin"]
    assert changed("'a text'") == changed("a") == changed("f(a)") == []


def test_each_seed_has_its_mutants_and_each_mutant_changes_its_module():
    sample, number = mutants.sample(20, 1, ["inference"])
    assert (
        sample == mutants.sample(20, 1, ["inference"])[0] != mutants.sample(20, 2, ["inference"])[0]
    )
    assert number > 100
    for mutant in sample:
        original = ast.unparse(mutants.tree_of(mutant.module))
        assert ast.unparse(mutants.mutated(mutant)) != original
        assert mutants.tests_of(mutant.module)
