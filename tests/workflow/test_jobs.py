"""What every job does before and after its work."""

import hashlib
import json
import os
import sys
from dataclasses import replace

import numpy as np
import pytest
from processes import python

from backprop.data.canonical_form import files_of
from backprop.data.dataset import Dataset
from backprop.workflow.jobs import basis

SCRIPT = """
import sys
from types import SimpleNamespace
from backprop.workflow.jobs import job

with job(SimpleNamespace(
    rule="fetch", wildcards={}, input=[], output=[], log=["results/d/logs/fetch.log"],
    params=SimpleNamespace(job=sys.argv[1]),
)):
    print("done")
"""


def run_job(folder, parameters):
    """Run a job that does nothing, and return its exit code and its log."""
    (folder / "results/d/logs").mkdir(parents=True)
    more = {"BACKPROP_SNAKEMAKE": str(os.getpid())}
    process = python("-c", SCRIPT, json.dumps(parameters), more=more, cwd=folder, check=False)
    return process.returncode, (folder / "results/d/logs/fetch.log").read_text()


@pytest.mark.parametrize("edited", [False, True])
def test_a_job_refuses_an_input_that_was_edited_after_the_run_began(edited, tmp_path):
    (tmp_path / "data.csv").write_text("another" if edited else "planned")
    planned = hashlib.sha256(b"planned").hexdigest()
    code, log = run_job(tmp_path, {"files": ["data.csv"], "content": [planned]})
    error = "error: an input was edited after the run began; run it again\n"
    assert (code, log) == ((1, error) if edited else (0, "done\n"))
    assert (tmp_path / "results/d/records/fetch.json").exists() is not edited


def test_a_job_refuses_other_versions_than_those_of_its_run(tmp_path):
    """As in an image that was built from another lock, or for another Python."""
    (tmp_path / "data.csv").write_text("planned")
    python = "{}.{}".format(*sys.version_info)
    versions = {"numpy": "1.0", "python": python, "no-such-package": "2"}
    code, log = run_job(tmp_path, {"versions": versions})
    assert code == 1
    assert log == (
        "error: this job has other versions than the run that it is of: no-such-package none "
        f"(run: 2), numpy {np.__version__} (run: 1.0); give both one environment, see "
        "docs/image.md\n"
    )


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


def test_no_fit_depends_on_what_is_only_said_of_the_data(tmp_path):
    data = Dataset(
        features=("a",), label="y", x=np.array([[0.0], [1.0]]), y=np.array([0, 1]),
        classes=("ä", "b"),
    )  # fmt: skip
    bases = set()
    for remarks in ((), ("1 row has no class",), ("2 rows have no class",)):
        content = files_of(replace(data, remarks=remarks))["columns"]
        (tmp_path / "columns.json").write_bytes(content)
        bases.add(basis({"computes": {}, "needs": {}}, [str(tmp_path / "columns.json")]))
    assert len(bases) == 1
