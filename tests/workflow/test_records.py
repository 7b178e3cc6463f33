"""Which results are made again because of their records."""

import base64
import errno
import hashlib
import json
import os
import pickle
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from snakemake.logging import format_dict

from backprop.workflow import records
from backprop.workflow.records import (
    JobParameters,
    digests,
    read_records,
    stale_results,
    write_record,
)

FITS, SCORES = "results/d/fits/m.parquet", "results/d/tables/fits.csv"
RECORD = "results/d/records/train/m.json"
LISTS = {
    "file": RECORD,
    "rule": "train",
    "wildcards": [],
    "job": "",
    "inputs": [],
    "outputs": [FITS],
}
BRACKETS = b"[" * 100_000
PARAMETERS = '{"code":"c","epochs":5}'


class Rule:
    """A rule as Snakemake has it."""

    def __init__(self, inputs, parameters):
        self.inputs = inputs
        self.params = SimpleNamespace(job=lambda wildcards: parameters if wildcards.model else "")

    def expand_input(self, wildcards):
        assert wildcards == {"model": "m"}
        return self.inputs, {}, {}


RULES = {"train": Rule([], PARAMETERS), "score": Rule([FITS], PARAMETERS)}


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
    write_record(script, before)


def remember(output, inputs=(), parameters=PARAMETERS):
    """Write what Snakemake remembers of an output."""
    name = base64.urlsafe_b64encode(output.encode()).decode()
    file = Path(".snakemake/metadata", name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"params": [repr(parameters), "4"], "input": list(inputs)}))


@pytest.fixture(autouse=True)
def made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("train", FITS)
    run("score", SCORES, [FITS])


def stale(rules=RULES):
    return stale_results([FITS, SCORES, "results/d/missing.csv"], rules)


def age(file):
    os.utime(file, (1, 1))


def test_a_record_says_what_was_made_and_from_what():
    record = read_records()[Path("results/d/records/score/m.json")]
    assert (record.rule, record.wildcards) == ("score", {"model": "m"})
    assert record.inputs == {FITS: hashlib.sha256(b"by train").hexdigest()}
    assert record.outputs == {SCORES: hashlib.sha256(b"by score").hexdigest()}
    assert record.job == hashlib.sha256(f"'{PARAMETERS}'".encode()).hexdigest()


def test_the_report_shows_a_digest_of_the_parameters_and_all_else_takes_them_as_they_are():
    parameters = JobParameters(PARAMETERS)
    digest = hashlib.sha256(f"'{PARAMETERS}'".encode()).hexdigest()
    assert format_dict({"job": parameters}) == f"job={digest[:16]}"  # as the report does
    assert repr(parameters) == repr(PARAMETERS)  # what Snakemake remembers and compares
    assert json.loads(parameters) == {"code": "c", "epochs": 5}
    sent = pickle.loads(pickle.dumps(parameters))  # as to a script
    assert type(sent) is str
    assert sent == PARAMETERS


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

    monkeypatch.setattr(records, "digest", fail)  # a job that runs has just removed it
    assert stale() == dict.fromkeys([FITS, SCORES], "it cannot be read (No such file or directory)")


def test_a_folder_in_the_place_of_a_result_is_no_result():
    Path(SCORES).unlink()
    Path(SCORES).mkdir()
    assert stale() == {SCORES: "it is not a file"}


@pytest.mark.parametrize("backup", ["results/e", "results/d/records/old"])
def test_a_copy_of_the_records_elsewhere_says_nothing_about_the_results(backup):
    shutil.copytree("results/d/records", f"{backup}/records")
    shutil.copytree("results/d", "results/d-old")
    Path(FITS).write_text("by train, from another config")
    record = Path(RECORD)
    newer = json.loads(record.read_text())
    newer["outputs"] = digests([FITS])
    record.write_text(json.dumps(newer))
    os.utime(FITS, (2e9, 2e9))
    assert stale() == {}


def test_a_result_that_was_made_from_another_file_is_stale_if_that_is_not_newer():
    Path(FITS).write_text("by train, from another config")
    run("train", FITS.replace("m.p", "n.p"))  # any later job
    record = Path(RECORD)
    other = json.loads(record.read_text())
    other["outputs"] = digests([FITS])
    record.write_text(json.dumps(other))
    os.utime(FITS, (2e9, 2e9))
    assert stale() == {}  # Snakemake sees the newer input
    age(FITS)
    assert stale() == {SCORES: f"it was made from another {FITS}"}


@pytest.mark.parametrize("memory", ["none", "of another job", "of other inputs", "damaged"])
def test_without_snakemakes_memory_a_result_of_another_config_is_stale(memory):
    rules = {**RULES, "score": Rule([FITS], PARAMETERS.replace("5", "6"))}
    if memory == "of another job":
        remember(SCORES, [FITS], PARAMETERS.replace("5", "7"))
    elif memory == "of other inputs":
        remember(SCORES, [FITS, "results/d/fits/gone.parquet"])
    elif memory == "damaged":
        remember(SCORES)
        next(Path(".snakemake/metadata").iterdir()).write_text("{")
    assert stale(rules) == {SCORES: "it was made by another config or version of this workflow"}


def test_without_snakemakes_memory_a_result_of_other_inputs_is_stale():
    assert list(stale({**RULES, "score": Rule([], PARAMETERS)})) == [SCORES]


@pytest.mark.parametrize("rules", [{}, {"score": None}, {"score": SimpleNamespace(params={})}])
def test_a_result_of_a_rule_that_is_gone_or_different_is_stale(rules):
    assert list(stale({**rules, "train": RULES["train"]})) == [SCORES]


def test_what_snakemake_remembers_is_left_to_snakemake():
    remember(SCORES, [FITS])
    assert stale({**RULES, "score": Rule([], "another job")}) == {}
