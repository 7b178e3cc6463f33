"""What every job does before and after its work."""

import hashlib
import json
import os
import subprocess
import sys

import pytest
from project import ROOT

from backprop.workflow.jobs import basis

SCRIPT = """
import sys
from types import SimpleNamespace
from backprop.workflow.jobs import job

with job(SimpleNamespace(
    rule="fetch", wildcards={}, input=["data.csv"], output=[], log=["results/d/logs/fetch.log"],
    params=SimpleNamespace(job=sys.argv[1]),
)):
    print("done")
"""


@pytest.mark.parametrize("edited", [False, True])
def test_a_job_refuses_an_input_that_was_edited_after_the_run_began(edited, tmp_path):
    (tmp_path / "results/d/logs").mkdir(parents=True)
    (tmp_path / "data.csv").write_text("another" if edited else "planned")
    planned = hashlib.sha256(b"planned").hexdigest()
    process = subprocess.run(
        [sys.executable, "-c", SCRIPT, f'{{"content":["{planned}"]}}'],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{ROOT}/src", "BACKPROP_SNAKEMAKE": str(os.getpid())},
        check=False,
    )
    log = (tmp_path / "results/d/logs/fetch.log").read_text()
    if edited:
        assert process.returncode == 1
        assert log == "error: an input was edited after the run began; run it again\n"
    else:
        assert process.returncode == 0
        assert log == "done\n"
    assert (tmp_path / "results/d/records/fetch.json").exists() is not edited


@pytest.mark.parametrize("needs", [{}, {"seed": 3}, {"seed": 3, "training": {"epochs": 5}}])
def test_a_fit_depends_on_what_computes_it_on_what_its_family_needs_and_on_the_data(
    needs, tmp_path
):
    (tmp_path / "data.csv").write_text("data")
    sha256 = hashlib.sha256(b"data").hexdigest()
    computes = {"code": "c", "versions": {"numpy": "2"}}
    parameters = {"computes": computes, "needs": needs, "splits": 1, "family": "network"}
    # Another form would train again every fit that there is.
    expected = {"computes": computes, **needs, "data": [sha256]}
    assert json.loads(basis(parameters, [str(tmp_path / "data.csv")])) == expected
