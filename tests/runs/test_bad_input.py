"""Bad input is refused before any job starts, with one message that says what to use instead."""

import datetime
import re
from pathlib import Path

import pytest
import yaml
from data_cases import DATA, ENTRIES, GOOD, X, Y, archive, config_for, entry_config, write_bytes
from edits import put
from project import ROOT, SMALL, Project

from backprop.errors import BackpropError
from backprop.workflow.config_check.reading import read_yaml
from backprop.workflow.plan.plan import Plan
from backprop.workflow.records import between_starts


def refusal(config):
    """Return the message that refuses a config, before any job."""
    with pytest.raises(BackpropError) as caught:
        Plan(config, ROOT)
    return str(caught.value)


@pytest.mark.parametrize("case", DATA)
def test_data_that_cannot_be_used_are_refused(case, tmp_path):
    content, says = DATA[case]
    file = write_bytes(tmp_path / "data.csv", content)
    message = refusal(config_for(file))
    assert message.startswith(f"{file}: ")
    assert says in message
    assert "\n" not in message


def changed(file, **changes):
    config = config_for(file)
    config["datasets"]["mine"] |= changes
    return config


@pytest.fixture
def good(tmp_path):
    file = tmp_path / "good.csv"
    file.write_text(GOOD)
    return file


def test_the_data_that_the_cases_vary_are_good(good):
    assert Plan(config_for(good), ROOT).datasets.data("mine").y.tolist() == [0, 1, 0, 1]


def test_a_file_that_is_not_there(tmp_path):
    message = refusal(config_for(tmp_path / "none.csv"))
    assert "none.csv: No such file or directory; use one of bundled, xor, iris, wine," in message


def test_a_directory_in_place_of_a_file(tmp_path):
    assert "Is a directory; use one of bundled, xor," in refusal(config_for(tmp_path))


@pytest.mark.parametrize("case", ENTRIES)
def test_an_entry_of_a_data_set_that_cannot_be_used_is_refused(at_the_root, case, tmp_path):
    changes, says = ENTRIES[case]
    message = refusal(entry_config(tmp_path, changes))
    assert says in message
    assert len(message.splitlines()) <= 2


@pytest.mark.parametrize(
    ("costs", "says"),
    [
        ({"Adelie": {"Gento": 5}},
         "datasets.mine: comparison.costs: found the class 'Gento'; use 'Adelie', 'Chinstrap', "
         "'Gentoo'; did you mean Gentoo?"),
        ({"Adelie": {"Gentoo": 0}, "Chinstrap": {"Gentoo": 0}},
         "datasets.mine: comparison.costs: found only costs of 0 where 'Gentoo' is decided; use"),
        ({"missed": 5, "false_alarm": 1},
         "datasets.mine: comparison: found `costs` of missed and false_alarm, or `threshold`, and "
         "3 classes; they are for two: leave them out, or use `costs` of each class, such as "
         "{Adelie: {Chinstrap: 5}}"),
    ],
)  # fmt: skip
def test_costs_that_do_not_fit_the_classes_are_refused(costs, says, tmp_path):
    config = entry_config(tmp_path, {})
    config["comparison"]["costs"] = costs
    message = refusal(config)
    assert says in message
    assert "\n" not in message


def test_the_entry_that_the_cases_vary_is_good(tmp_path):
    data = Plan(entry_config(tmp_path, {}), ROOT).datasets.data("mine")
    assert data.classes == ("Adelie", "Chinstrap", "Gentoo")
    assert data.categories == {"island": ("A", "B", "C")}


def test_known_results_that_are_not_there(good):
    message = refusal(changed(good, known_answers="none.yaml"))
    assert message.startswith("datasets.mine.known_answers: found none.yaml, which is not a file")


ANSWER = {"quantity": "correct", "expected": [3], "tolerance": 0, "source": "me"}
ANSWERS = {
    "nothing": ("", "found nothing; use YAML in UTF-8 with keys and values"),
    "no answers": ({}, "answers: missing; it is results that are known for a data set"),
    "an empty list": ({"answers": []}, "answers: found []; use a list, with at least 1 item"),
    "a date for a source": (
        {"answers": [ANSWER | {"source": datetime.date(2026, 1, 13)}]},
        'found 2026-01-13, which YAML reads as a date; use "2026-01-13" as a text',
    ),
}
# What is changed in one answer, and what is said of it.
ONE_ANSWER = {
    "another quantity": ({"quantity": "thet"},
     '.quantity: found "thet" (did you mean theta?); use one of theta, cost'),
    "one value": ({"expected": 3}, ".expected: found 3; use a list"),
    "a word": ({"expected": ["3"]}, '.expected, item 1: found "3"; use a number'),
    "an escape sequence for a source": ({"source": "\x1b[2J"},
     r'.source: found "\u001b[2J"; use a text, not empty, of printable char'),
    "an unknown key with an escape sequence": ({"\x1b[2J": 1},
     r".\x1b[2J: unknown key; use one of quantity"),
    "a coefficient too few": ({"quantity": "theta", "expected": [1.0, 2.0]},
     ".expected: found [1.0, 2.0]; use a list, with at least 3 item"),
    "a value too many": ({"expected": [3, 4]},
     ".expected: found [3, 4]; use a list, with at most 1 items (one value"),
    "a feature too few": ({"quantity": "probability_of_0", "at": [20]},
     ".at: found [20]; use a list, with at least 2 item"),
    "no tolerance": ({"tolerance": None},
     ".tolerance: missing; it is the largest difference that is allowed"),
    "a probability of no row": ({"quantity": "probability_of_0"},
     ".at: missing; it is the features of the row"),
}  # fmt: skip
for _case, (_changes, _says) in ONE_ANSWER.items():
    _answer = {key: v for key, v in (ANSWER | _changes).items() if v is not None}
    ANSWERS[_case] = ({"answers": [_answer]}, f"answers, item 1{_says}")


@pytest.mark.parametrize("case", ANSWERS)
def test_known_results_that_cannot_be_used(case, good, tmp_path):
    content, says = ANSWERS[case]
    file = tmp_path / "answers.yaml"
    file.write_text(content if content == "" else yaml.safe_dump(content))
    message = refusal(changed(good, known_answers=str(file)))
    assert message.startswith(f"{file}")
    assert says in message


@pytest.mark.parametrize(
    "content",
    [
        "a,\x1b[2J,y\n1,5,0\n", "a,b,y\n\x1b[2J,5,0\n", "a,b,y\n1,5,\x1b[2J\n",
        archive(**{"\x1b[2Jx_dat": X}), archive(x_dat="\x1b[2J 5\n", y_dat=Y), b"\x1b[2J\xff",
    ],
)  # fmt: skip
def test_an_escape_sequence_in_a_file_does_not_reach_the_terminal(content, tmp_path):
    file = write_bytes(tmp_path / "data.csv", content)
    assert refusal(config_for(file)).replace("\n", "").isprintable()


# Through the command line: what a user sees


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return Project(tmp_path_factory.mktemp("bad") / "project", SMALL)


TEXT = (ROOT / "config.yaml").read_text(encoding="utf-8")
SOURCE = "source: bundled"
CONFIGS = {
    "a grid too large to plan": (
     TEXT.replace("search: one_at_a_time", "search: grid").replace(
     "learning_rate: [0.01", f"learning_rate: [{', '.join(map(str, range(2, 2000)))}, 0.01"),
     "vary: found a grid of 168,252 configurations; use at most 100,000, or search: one_at"),
    "an escape sequence": (f'{TEXT}\n"\\e[2J": 1\n', r"\\x1b\[2J: unknown key; use one of seed"),
    "a template that would run code": (
     TEXT.replace("seed: 1", "seed: ?open('hacked', 'w').close() or 1") + "__use_yte__: true\n",
     "config.yaml: __use_yte__: unknown key; a config is data, and runs no code"),
    "a list": ("- 1\n- 2\n", "config.yaml: found a list; use YAML in UTF-8 with keys"),
    "a word": ("hello\n", "config.yaml: found only 'hello'; use YAML in UTF-8 with keys"),
    "an empty file": ("", "config.yaml: found nothing; use YAML in UTF-8 with keys"),
    "another encoding": (f"{TEXT}\n# \xe9\n".encode("latin-1"),
     r"config.yaml: line \d+: found the byte 0xe9; use YAML in UTF-8"),
    "no file": (None, "config.yaml: found no such file; use the path of a config"),
    "data with a missing value": (
     TEXT.replace(SOURCE, "source: broken.csv").replace("    sha256", "    # sha256"),
     "broken.csv: row 1 .line 2., column 'exam_2': found no value; use a value in each"),
}  # fmt: skip
# What is replaced in the text, by what, and what is said of it.
REPLACED = {
    "YAML that does not parse": ("vary:", "vary: [",
     r"config.yaml: line \d+, column \d+: .*; use YAML in UTF-8"),
    "a name that ends in a line break": ("  ex4:", '  "ex4\\n":',
     r'datasets: found "ex4\\n"; use a text, of at most 100 characters, of letters'),
    "a path with NUL": (SOURCE, 'source: "a\\0b"',
     r'datasets.ex4.source: found "a\\u0000b"; use a text, not empty, of printable char'),
    "a path of 300 characters": (SOURCE, f"source: {'n' * 300}",
     "n{300}: File name too long; use one of bundled, xor, iris, wine, breast_canc"),
    "a path of 300 characters to known answers": ("resources/ex4-known-answers.yaml", "n" * 300,
     r"datasets.ex4.known_answers: found n{98}\.\.\.n{98}, which is not a file; use a file of kno"),
    "a device": (SOURCE, "source: /dev/zero",
     "datasets.ex4.source: found /dev/zero, which is not a file; use one of bu"),
}  # fmt: skip
CONFIGS |= {case: (TEXT.replace(old, new), says) for case, (old, new, says) in REPLACED.items()}


def write_config(case, folder):
    """Write the config of a case, and return what says so."""
    content, says = CONFIGS[case]
    file = folder / "config.yaml"
    file.unlink(missing_ok=True)
    if content is not None:
        write_bytes(file, content)
    (folder / "broken.csv").write_text("exam_1,exam_2,admitted\n1,,0\n2,1,1\n3,2,1\n")
    return says


@pytest.mark.parametrize("case", CONFIGS)
def test_a_config_that_cannot_be_used_is_refused(in_a_folder, case, tmp_path):
    says = write_config(case, tmp_path)
    with pytest.raises(BackpropError) as caught:
        Plan(read_yaml(Path("config.yaml")), ROOT)
    message = str(caught.value)
    assert re.match(rf"(config.yaml is not valid:\n  |/.*/)?{says}", message), message
    assert message.replace("\n", "").isprintable()
    assert not (tmp_path / "hacked").exists()


COMMANDED = (
    "YAML that does not parse", "an escape sequence", "no file", "a template that would run code",
)  # fmt: skip


LONG = 5000 * "z"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (LONG, 1),
        ("seed", LONG),
        ("vary.hidden", [[LONG]]),
        ("models", ["logistic", LONG]),
        ("training.tolerance", 10**400),
        ("datasets.mine.label", LONG),
        ("datasets.mine.features", ["a", LONG]),
        ("datasets.mine.positive", LONG),
        ("datasets.mine.known_answers", LONG),
        ("datasets.mine.test", LONG),
        ("predictions", {LONG: "rules.csv"}),
        ("datasets.mine.groups", LONG),
    ],
)
def test_no_message_quotes_more_than_200_characters(path, value, good):
    config = config_for(good)
    put(config, path, value)
    message = refusal(config)
    assert "..." in message
    assert max(map(len, re.findall("z+|0+", message))) <= 200


@pytest.mark.parametrize("case", COMMANDED)
def test_the_command_ends_with_one_message_before_any_job(case, project):
    says = write_config(case, project.folder)
    run = project.run(succeeds=False)
    assert len(re.findall("(?i)error", run.output)) == 1, run.output
    assert re.search(rf"error: (config.yaml is not valid:\n  )?{says}", run.output), run.output
    assert "Traceback" not in run.output
    assert 'File "' not in run.output
    assert not (project.folder / "results").exists()
    made = {path.name for path in (project.folder / ".snakemake").iterdir()}
    assert made == {"log", between_starts.FOLDER.name}  # no record of a job
    assert not (project.folder / "hacked").exists()


TEMPLATE = "__use_yte__: true\nseed: ?open('hacked', 'w').close() or 1\n"
RUNS_NO_CODE = "__use_yte__: unknown key; a config is data, and runs no code"


def test_a_file_of_the_command_line_is_checked_before_snakemake_reads_it(project):
    project.configure(SMALL)
    project.write("other.yaml", TEMPLATE)
    run = project.run("-n", "--configfile", "other.yaml", succeeds=False)
    assert len(re.findall("(?i)error", run.output)) == 1, run.output
    assert f"error: other.yaml: {RUNS_NO_CODE}" in run.output
    assert not (project.folder / "hacked").exists()
    assert not (project.folder / "results").exists()


def test_config_yaml_is_checked_when_the_command_line_names_another_file(project):
    project.write("config.yaml", TEMPLATE)
    project.write("other.yaml", TEXT)
    options = ("-n", "--configfile", "other.yaml", "--workflow-profile", "none")
    run = project.run(*options, succeeds=False)
    assert f"error: config.yaml: {RUNS_NO_CODE}" in run.output
    assert not (project.folder / "hacked").exists()


def test_all_profiles_check_config_files_before_snakemake_reads_them():
    every = sorted(ROOT.glob("profiles/*/profile.v9+.yaml"))
    profiles = [profile for profile in every if profile.parent.name != "data-sets"]  # beside one
    checks = [yaml.safe_load(profile.read_text())["__definitions__"] for profile in profiles]
    assert len(checks) == 4
    assert all(check == checks[0] for check in checks)
