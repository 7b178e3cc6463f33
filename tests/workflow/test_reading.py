"""Config files are read as Snakemake reads them, and without surprises."""

import contextlib
import json
import os

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from project import ROOT
from snakemake.common.configfile import load_configfile

from backprop.errors import BackpropError
from backprop.workflow.config_check.reading import parse_yaml, read_yaml
from backprop.workflow.plan.plan import Plan

TEXT = (ROOT / "config.yaml").read_text(encoding="utf-8")

# A plain value, how YAML 1.1 reads it, and what the message must offer.
SURPRISES = [
    ("010", "8", '8, or "010" as a text'),
    ("-017", "-15", '-15, or "-017" as a text'),
    ("1:30", "90", '90, or "1:30" as a text'),
    ("1:30.5", "90.5", '90.5, or "1:30.5" as a text'),
    ("1_000", "1000", '1000, or "1_000" as a text'),
    ("0x1F", "31", '31, or "0x1F" as a text'),
    ("0b11", "3", '3, or "0b11" as a text'),
    ("yes", "true", 'true, or "yes" as a text'),
    ("Off", "false", 'false, or "Off" as a text'),
    ("2026-01-13", "a date", '"2026-01-13" as a text'),
    ("2026-13-45", "a date", '"2026-13-45" as a text'),
    ("=", "a value", '"=" as a text'),
]


@pytest.mark.parametrize(("value", "reading", "offer"), SURPRISES)
def test_a_value_that_yaml_reads_as_another_is_refused(value, reading, offer):
    with pytest.raises(BackpropError) as refused:
        parse_yaml(f"a:\n  b: {value}\n", "c.yaml")
    says = f"c.yaml: line 2, column 6: found {value}, which YAML reads as {reading}"
    assert str(refused.value) == f"{says}; use {offer}"
    assert parse_yaml(f'"{value}"', "c.yaml") == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10", 10), ("-0.5", -0.5), ("1.0e-6", 1e-6), (".5", 0.5), ("true", True), ("~", None),
        ("on time", "on time"), ("1e-3", "1e-3"), ("[1, [2]]", [1, [2]]),
    ],
)  # fmt: skip
def test_a_value_that_means_what_it_seems_is_read(text, value):
    assert parse_yaml(text, "c.yaml") == value


def test_an_alias_repeats_a_value_and_a_merge_adds_to_it():
    text = "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: [*a, *a]\n"
    assert parse_yaml(text, "c.yaml") == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 3},
        "c": [{"x": 1, "y": 2}, {"x": 1, "y": 2}],
    }


HOSTILE = {
    "itself": ("a: &a [*a]", "found over 1,000,000 values"),
    "aliases of aliases": (
        "a0: &a0 [1]\n" + "".join(f"a{i + 1}: &a{i + 1} [{f'*a{i}, ' * 9}1]\n" for i in range(9)),
        "found over 1,000,000 values",
    ),
    "many brackets": ("[" * 90_000, "maximum recursion depth exceeded"),
    "a call": (
        "a: !!python/object/apply:os.system [id]",
        "could not determine a constructor for the tag",
    ),
    "a number of 5,000 digits": ("a: " + "9" * 5000, "(4300 digits)"),
    "digits with a bar": ("a: " + "1" * 500_000 + "_.5", "which YAML reads as "),
    "a list as a key": ("? [1]\n: 2", "found unhashable key"),
    "a key twice": ("a: 1\n'a': 2", "line 2, column 1: found 'a' twice"),
    "a key twice in JSON": ('{"a": {"b": 1, "b": 2}}', "found 'b' twice"),
    "a long key twice": (f"? {'k' * 90_000}\n: 1\n" * 2, "line 3, column 3: found 'kkk"),
    "a long name of an alias": (f"a: *{'k' * 90_000}", "found undefined alias 'kkk"),
    "a character that does not exist": ('a: "\\U00110000"', "chr() arg not in range"),
    "a character beyond all": ('a: "\\UFFFFFFFF"', "use YAML in UTF-8"),
    "a version of 5,000 digits": (f"%YAML {'1' * 5000}.1\n---\na: 1", "(4300 digits)"),
    "two documents": ("a: 1\n---\nb: 1", "line 2, column 1: found another document"),
    "a control character": ("a: \x1b[31m", "unacceptable character #x001b"),
    "a template": ("__use_yte__: true\n", "__use_yte__: unknown key; a config is data"),
    "a merged template": ("<<: {__use_yte__: true}", "__use_yte__: unknown key"),
    "a template in JSON": ('{"__use_yte__": true}', "__use_yte__: unknown key"),
    "paths of Snakemake": ("pathvars: 3", "pathvars: unknown key; the paths of the results are"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_with_a_short_message(case, tmp_path):
    text, says = HOSTILE[case]
    file = tmp_path / "c.yaml"
    file.write_text(text)
    with pytest.raises(BackpropError) as refused:
        read_yaml(file, "c.yaml")
    assert str(refused.value).startswith("c.yaml: ")
    assert says in str(refused.value)
    assert len(str(refused.value)) < 300
    assert str(refused.value).isprintable()


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BackpropError, match="not a file"):
        read_yaml(tmp_path / "pipe")


# Random files

SCALARS = st.one_of(
    st.sampled_from([value for value, *_ in SURPRISES]),
    st.sampled_from(
        ["~", "null", "True", ".inf", "-.INF", ".nan", "''", '"\\ud800"', '"\\U00110000"']
    ),
    st.sampled_from(["1e3", "1.5e+3", "+1", "-0", "08", "1."]),
    st.sampled_from(["", "a b", "*x", "&x 1", "!!int '3'", "<<", "a: b", "- 1", "#", "|\n  a\n b"]),
    st.integers().map(str),
    st.floats().map(repr),
    st.text(max_size=5),
    st.text("0123456789:._-+eExXob", min_size=1, max_size=8),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
FILES = st.one_of(
    st.text(),
    st.lists(SCALARS, min_size=5, max_size=5).map(
        lambda scalars: "{}: {}\nb: [{}, {{c: {}}}]\nd:\n- {}\n".format(*scalars)
    ),
    st.dictionaries(st.text(max_size=3), VALUES).map(yaml.safe_dump),
    st.dictionaries(st.text(max_size=3), VALUES).map(lambda value: json.dumps(value, indent=1)),
    st.tuples(st.integers(0, len(TEXT)), SCALARS).map(
        lambda edit: TEXT[: edit[0]] + edit[1] + TEXT[edit[0] :]
    ),
)


def exactly(value):
    """Return a value with its types, in a form in which NaN equals itself."""
    if isinstance(value, dict):
        return [(exactly(key), exactly(item)) for key, item in value.items()]
    return list(map(exactly, value)) if isinstance(value, list) else (type(value), repr(value))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("random")


@settings(max_examples=200, deadline=None)  # others in each run
@given(text=FILES)
@example("a: 010\n")
@example('{"a": 1e-3}')
@example("b: &b {x: 1}\nd: {e: {a: &a {<<: *b, x: 2}}}\nc: {<<: *a}")
def test_a_file_is_read_to_the_values_of_snakemake_or_refused(folder, text):
    file = folder / "c.yaml"
    file.write_text(text, encoding="utf-8", errors="surrogatepass")
    with contextlib.suppress(BackpropError):
        assert exactly(read_yaml(file)) == exactly(load_configfile(file))


def places(section, place=()):
    for key, value in section.items():
        yield (*place, key)
        if isinstance(value, dict):
            yield from places(value, (*place, key))


PLACES = list(places(yaml.safe_load(TEXT)))
EDITS = st.lists(
    st.tuples(
        st.sampled_from(PLACES),
        VALUES
        | st.sampled_from([10**400, 10**5, [10**5] * 2, "a\0b", "n" * 300, "1e3", "\ud800", "../"])
        | st.lists(st.integers(1, 10**5), min_size=1),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=100, deadline=None)
@given(edits=EDITS)
def test_a_random_config_is_accepted_or_refused_with_a_message(folder, edits):
    config = yaml.safe_load(TEXT)
    for (*parents, last), value in edits:
        inner = config
        for key in parents:
            inner = inner[key] if isinstance(inner, dict) and key in inner else {}
        if isinstance(inner, dict):
            inner[last] = value
    file = folder / "config.yaml"
    file.write_text(yaml.safe_dump(config))
    message = ""
    try:
        assert Plan(read_yaml(file), ROOT).outputs.results()
    except BackpropError as error:
        message = str(error)
    assert len(message) < 20_000
    assert message.replace("\n", "").isprintable()
