"""Which results are made again because of their records."""

import errno
import hashlib
import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from snakemake.logging import format_dict
from snakemake.settings.types import RerunTrigger

from backprop.workflow.records import job_records
from backprop.workflow.records.job_records import (
    RESULTS,
    JobParameters,
    digest_of_job,
    digests,
    read_records,
    record_file,
    write_record,
)
from backprop.workflow.snakemake_run.snakemake_internals import Session
from backprop.workflow.snakemake_run.stale import stale_results

FITS, SCORES = "results/d/fits/m.parquet", "results/d/tables/fits.csv"
RECORD = "results/d/records/train/m.json"
LISTS = {
    "file": RECORD, "rule": "train", "wildcards": [], "job": "", "inputs": [], "outputs": [FITS],
}  # fmt: skip
BRACKETS = b"[" * 100_000
PARAMETERS = '{"code":"c","epochs":5}'


class Rule:
    """A rule as Snakemake has it."""

    def __init__(self, name, inputs, parameters):
        self.name = name
        self.inputs = inputs
        self.params = SimpleNamespace(job=lambda wildcards: parameters if wildcards.model else "")

    def expand_input(self, wildcards):
        assert wildcards == {"model": "m"}
        return self.inputs, {}, {}


TRAIN, SCORE = Rule("train", [], PARAMETERS), Rule("score", [FITS], PARAMETERS)
OTHER_SCORE = Rule("score", [FITS], PARAMETERS.replace("5", "6"))
ALL_TRIGGERS = frozenset(RerunTrigger) - {RerunTrigger.CODE}


def run(rule, output, inputs=()):
    """Do what a job does: write its output, then its record."""
    file = Path(output)
    file.parent.mkdir(parents=True, exist_ok=True)
    before = digests(inputs)
    file.write_text(f"by {rule}")
    script = SimpleNamespace(
        rule=rule,
        wildcards={"model": "m"},
        params=SimpleNamespace(job=PARAMETERS),
        log=[f"results/d/logs/{rule}/m.log"],
        output=[output],
    )
    write_record(script, before, {})


class Memory(dict):
    """What Snakemake remembers, by file."""

    def metadata(self, file):
        return self.get(str(file))

    def add(self, output, inputs=(), parameters=PARAMETERS):
        shown = [repr(JobParameters(parameters)), "4"]
        self[output] = SimpleNamespace(params=shown, input=list(inputs))
        return self


@pytest.fixture(autouse=True)
def made(in_a_folder):
    run("train", FITS)
    run("score", SCORES, [FITS])


def stale(*rules, memory=None, triggers=ALL_TRIGGERS, all_stale=False):
    settings = SimpleNamespace(rerun_triggers=triggers)
    workflow = SimpleNamespace(
        rules=rules or [TRAIN, SCORE], persistence=memory or Memory(), dag_settings=settings
    )
    results = [FITS, SCORES, "results/d/missing.csv"]
    return stale_results(results, RESULTS, Session(workflow), all_stale=all_stale)


def age(file):
    os.utime(file, (1, 1))


def test_a_record_says_what_was_made_and_from_what():
    record = read_records()[Path("results/d/records/score/m.json")]
    assert (record.rule, record.wildcards) == ("score", {"model": "m"})
    assert record.inputs == {FITS: hashlib.sha256(b"by train").hexdigest()}
    assert record.outputs == {SCORES: hashlib.sha256(b"by score").hexdigest()}
    assert record.job == hashlib.sha256(b'code="c", epochs=5').hexdigest()


def test_where_a_file_is_does_not_count_for_a_job_but_its_content_does():
    one, moved, edited = (
        digest_of_job(JobParameters.of({}, files=[file], content=[content]))
        for file, content in (("/a/t.csv", "1"), ("/b/t.csv", "1"), ("/a/t.csv", "2"))
    )
    assert one == moved != edited


def test_jobs_with_the_same_parameters_share_one_text():
    one, same, other = (JobParameters.of({"code": "c"}, seed=seed) for seed in (1, 1, 2))
    assert one is same
    assert one != other


def test_snakemake_shows_a_summary_of_the_parameters_and_the_script_takes_them_as_they_are():
    parameters = JobParameters(PARAMETERS)
    assert repr(parameters) == 'code="c", epochs=5'  # what Snakemake remembers and compares
    digest = hashlib.sha256(b'code="c", epochs=5').hexdigest()
    assert format_dict({"job": parameters}) == f"job={digest[:16]}"  # as the report does
    assert json.loads(parameters) == {"code": "c", "epochs": 5}
    sent = pickle.loads(pickle.dumps(parameters))  # as to a script
    assert type(sent) is str
    assert sent == PARAMETERS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": 2}, {"a": 2, "b": 1}),
        ({"a": [*range(100), 1]}, {"a": [*range(100), 2]}),
        ({"a": "x, b=1"}, {"a": "x", "b": 1}),
        ({"a": "1"}, {"a": 1}),
        ({"a": 24 * "x"}, {"a": 25 * "x"}),
    ],
)
def test_other_parameters_have_another_summary_and_all_summaries_are_short(one, other):
    shown = [repr(JobParameters(json.dumps(values, sort_keys=True))) for values in (one, other)]
    assert shown[0] != shown[1]
    assert max(map(len, shown)) < 50


def test_results_as_they_were_made_are_kept():
    assert stale() == {}


@pytest.mark.parametrize("old", [True, False])
def test_a_result_with_other_content_is_stale_whatever_its_time(old):
    Path(FITS).write_text("by hand")
    if old:
        age(FITS)
    assert list(stale()) == [FITS]
    assert "not what a finished job left" in stale()[FITS]


@pytest.mark.parametrize(
    "content",
    [None, b"", b"{", b"[]", b'{"rule": "train"}', b"\xff", BRACKETS, json.dumps(LISTS).encode()],
    ids=["gone", "empty", "cut off", "list", "keys missing", "no UTF-8", "deep", "other types"],
)
def test_a_result_without_a_sound_record_is_stale(content):
    record = Path(RECORD)
    record.unlink()
    if content is not None:
        record.write_bytes(content)
    assert stale() == {FITS: "there is no record of how it was made"}


def test_the_record_of_the_last_job_counts_whatever_its_name():
    old = Path("results/d/records/zz.json")  # a rule with this name made the file in earlier times
    record = json.loads(Path("results/d/records/train/m.json").read_text())
    old.write_text(
        json.dumps({**record, "file": str(old), "rule": "zz", "outputs": {FITS: "0" * 64}})
    )
    age(old)
    assert stale() == {}
    age("results/d/records/train/m.json")
    os.utime(old)
    assert list(stale()) == [FITS]


def test_a_result_that_cannot_be_read_is_stale(monkeypatch):
    def fail(file):
        raise FileNotFoundError(errno.ENOENT, "No such file or directory")

    monkeypatch.setattr(
        "backprop.workflow.snakemake_run.stale.digest", fail
    )  # a job that runs has just removed it
    assert stale() == dict.fromkeys([FITS, SCORES], "it cannot be read (No such file or directory)")


def test_a_folder_in_the_place_of_a_result_is_no_result():
    Path(SCORES).unlink()
    Path(SCORES).mkdir()
    assert stale() == {SCORES: "it is not a file"}


@pytest.mark.parametrize("backup", ["results/e", "results/d/records/old"])
def test_a_copy_of_the_records_elsewhere_says_nothing_about_the_results(backup):
    shutil.copytree("results/d/records", f"{backup}/records")
    shutil.copytree("results/d", "results/d-old")
    make_another_input()
    os.utime(FITS, (2e9, 2e9))
    assert stale() == {}


def make_another_input():
    """Replace the fits by others with a sound record."""
    Path(FITS).write_text("by train, from another config")
    record = Path(RECORD)
    other = json.loads(record.read_text())
    other["outputs"] = digests([FITS])
    record.write_text(json.dumps(other))


def test_a_result_that_was_made_from_another_file_is_stale_if_that_is_not_newer():
    run("train", FITS.replace("m.p", "n.p"))  # any later job
    make_another_input()
    os.utime(FITS, (2e9, 2e9))
    assert stale() == {}  # Snakemake sees the newer input
    age(FITS)
    assert stale() == {SCORES: f"it was made from another {FITS}"}


ANOTHER_CONFIG = "it was made by another config or version of this workflow"


@pytest.mark.parametrize("memory", ["none", "of another job", "of other inputs", "damaged"])
def test_without_snakemakes_memory_a_result_of_another_config_is_stale(memory):
    remembered = Memory()
    if memory == "of another job":
        remembered.add(SCORES, [FITS], PARAMETERS.replace("5", "7"))
    elif memory == "of other inputs":
        remembered.add(SCORES, [FITS, "results/d/fits/gone.parquet"])
    elif memory == "damaged":
        remembered[SCORES] = SimpleNamespace(params=None)
    assert stale(TRAIN, OTHER_SCORE, memory=remembered) == {SCORES: ANOTHER_CONFIG}


@pytest.mark.parametrize(
    "rules",
    [
        [], [SimpleNamespace(name="score")], [SimpleNamespace(name="score", params={})],
        [Rule("score", [], PARAMETERS)],
    ],
)  # fmt: skip
def test_a_result_of_a_rule_that_is_gone_or_different_or_of_other_inputs_is_stale(rules):
    assert list(stale(TRAIN, *rules)) == [SCORES]


@pytest.mark.parametrize("missing", [None, RerunTrigger.PARAMS, RerunTrigger.INPUT])
def test_what_snakemake_remembers_is_left_to_it_if_it_compares_all(missing):
    remembered, triggers = Memory().add(SCORES, [FITS]), ALL_TRIGGERS - {missing}
    named = stale(TRAIN, OTHER_SCORE, memory=remembered, triggers=triggers)
    assert named == ({SCORES: ANOTHER_CONFIG} if missing else {})


def test_a_report_trusts_neither_snakemakes_memory_nor_times():
    remembered = Memory().add(SCORES, [FITS])
    assert stale(TRAIN, OTHER_SCORE, memory=remembered, all_stale=True) == {SCORES: ANOTHER_CONFIG}
    make_another_input()
    os.utime(FITS, (2e9, 2e9))
    assert stale() == {}
    expected = {SCORES: f"it was made from another {FITS}"}
    assert stale(all_stale=True) == expected
    assert stale(triggers=ALL_TRIGGERS - {RerunTrigger.MTIME}) == expected


def test_make_clean_needs_no_package():
    source = Path(job_records.__file__).parents[3]
    code = f"import sys; sys.path.insert(0, {str(source)!r})"
    code += "; from backprop.workflow.records.job_records import remove_all; remove_all()"
    subprocess.run([sys.executable, "-I", "-S", "-B", "-c", code], check=True)
    assert not Path(FITS).exists()


def test_a_record_whose_bits_were_flipped_is_no_record_or_still_right():
    record = Path(RECORD)
    sound = record.read_bytes()
    for place in range(len(sound)):
        damaged = bytearray(sound)
        damaged[place] ^= 1 << place % 8
        record.write_bytes(damaged)
        assert set(stale()) <= {FITS, SCORES}
    record.write_bytes(sound)
    assert stale() == {}


@pytest.mark.parametrize("prefix", ["", "study/logs/"])
def test_a_record_is_beside_the_log_of_its_job(prefix):
    log = f"{prefix}results/d/logs/train_share/m/h2.5-tanh.log"
    assert str(record_file(log)) == f"{prefix}results/d/records/train_share/m/h2.5-tanh.json"


def test_the_results_may_be_in_a_folder_with_an_absolute_path(tmp_path):
    far = tmp_path / "far/results"
    shutil.copytree("results", far)
    file = far / "d/records/score/m.json"
    file.write_text(file.read_text().replace('"results/', f'"{far}/'))
    assert list(read_records(far)) == [file]
