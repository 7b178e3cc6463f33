"""Outdated results are removed, all others stay, and two runs do not mix."""

import hashlib
import json
import os
import platform
import re
import shutil
import signal
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pandas as pd
import pytest
from full_config import full
from processes import python
from project import SMALL, Project
from rerun_cases import WITH_ALL

TABLES = "results/ex4/provenance.html"


def names(project, part):
    return {file.name for file in (project.folder / f"results/ex4/{part}").iterdir()}


def test_tables_of_a_model_that_was_removed_are_gone(finished_with_all, tmp_path):
    project = finished_with_all.copy(tmp_path / "project")
    project.write("results/ex4/tables/notes.txt", "mine")
    assert {"parity.csv", "parity.html", "one_step.csv"} <= names(project, "tables")
    project.put("models", ["logistic", "scratch"])
    assert project.run(TABLES).trained == {}
    parity = pd.read_csv(project.folder / "results/ex4/tables/parity.csv")
    assert parity["tensorflow_steps"].isna().all()
    assert parity["plain_steps"].notna().all()
    step = pd.read_csv(project.folder / "results/ex4/tables/one_step.csv")
    assert step["value"].notna().all()
    assert step["autodiff"].isna().all()  # that of TensorFlow, which the config names no longer
    project.put("models", ["logistic", "softmax"])
    assert project.run(TABLES).trained == {}
    assert {"parity.csv", "parity.html"}.isdisjoint(names(project, "tables"))
    assert "parity.csv" not in names(project, "statistics")
    project.put("models", ["logistic", "scratch"])
    assert project.run(TABLES).trained == {}
    assert "notes.txt" in names(project, "tables")
    for name in ("fits", "configurations", "comparison", "tuning", "effects"):
        models = pd.read_csv(project.folder / f"results/ex4/tables/{name}.csv")["model"]
        assert set(models) <= {"logistic", "scratch"}


def test_clean_removes_what_runs_made_and_nothing_else(project):
    mine = ["notes.txt", "ex4/tables/notes.csv", "ex4/tables/effects.csv"]
    (project.results / "report").mkdir()  # of several data sets
    for name in (".gitkeep", "report.html", "report/ex4.html", *mine):
        project.write(f"results/{name}", "")
    before = {file for file in project.folder.rglob("*") if "results" not in file.parts}
    cleaned = python("-m", "backprop", "clean", cwd=project.folder)
    left = {
        str(f.relative_to(project.folder / "results"))
        for f in (project.folder / "results").rglob("*")
        if f.is_file()
    }
    assert left == {".gitkeep", *mine}
    assert not (project.results / "report").exists()
    for name in mine:
        assert f"kept results/{name}: " in cleaned.stdout
    assert {file for file in project.folder.rglob("*") if "results" not in file.parts} == before
    assert project.planned() >= {"fetch", "split", "train logistic", "score"}


def test_results_that_nothing_can_be_written_to_are_an_error_in_one_message(tmp_path):
    project = Project(tmp_path / "project", SMALL)
    project.results.symlink_to("/sys/kernel")  # read-only, even for root
    output = project.run("results/ex4/data/folds.csv", succeeds=False).output
    assert re.search(r"^error: .*: results/\.lock$", output, re.MULTILINE)
    assert "Traceback" not in output


def test_another_clone_makes_nothing_again_of_the_results_of_the_same_commit(project, tmp_path):
    other = project.copy(tmp_path / "other")
    for part in ("resources", "config.yaml", "workflow"):  # which it then takes from the clone
        shutil.move(project.folder / part, tmp_path)
    assert other.planned("--directory", str(project.folder)) == set()
    other.results.rename(tmp_path / "results")
    other.results.symlink_to(tmp_path / "results")
    shutil.rmtree(other.folder / ".snakemake")
    assert other.planned() == set()


def test_a_table_may_have_a_name_that_snakemake_would_change(tmp_path):
    table = {"source": "{a}<b>.csv", "features": ["a"], "label": "y"}
    project = Project(tmp_path / "project", {**SMALL, "datasets": {"far": table}})
    project.write(table["source"], "a,y\n1,0\n2,1\n3,0\n4,1\n")
    project.run("results/far/data/folds.csv")


class Table(BaseHTTPRequestHandler):
    """Answers every request with a small table."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"a,y\n1,0\n2,1\n3,0\n4,1\n")

    def log_message(self, *_):
        pass


def test_the_secrets_of_a_url_are_in_no_output_and_no_file_but_the_config(tmp_path):
    with ThreadingHTTPServer(("127.0.0.1", 0), Table) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        project = far(tmp_path, server.server_port)
        url = project.config["datasets"]["far"]["source"]
        output = project.run("results/far/data/folds.csv").output
        project.put("datasets.far.source", f"{url}&more=t0ken")
        output += project.run("--dry-run", "--verbose").output
        project.put("datasets.far.sha256", "0" * 64)
        output += project.run("results/far/data/folds.csv", succeeds=False).output
        server.shutdown()
    assert "Params have changed" in output
    assert "the data are not the expected ones" in output
    assert "pa55word" not in output
    assert "t0ken" not in output
    assert_only_the_config_has_secrets(project, "metadata")


def far(folder, port):
    """Return a project of a table on a server, whose URL has secrets."""
    url = f"http://ann:pa55word@127.0.0.1:{port}/table.csv?key=t0ken"
    table = {"source": url, "features": ["a"], "label": "y"}
    return Project(folder / "project", {**SMALL, "datasets": {"far": table}})


def assert_only_the_config_has_secrets(project, kept_by_snakemake):
    files = [file for file in project.folder.rglob("*") if file.is_file()]
    assert any(kept_by_snakemake in file.parts and ".snakemake" in file.parts for file in files)
    contents = [(file.name, file.read_bytes()) for file in files]
    named = [name for name, text in contents if b"pa55word" in text or b"t0ken" in text]
    assert named == ["config.yaml"]


def test_a_kill_while_fetching_leaves_no_secret_of_the_url(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        project = far(tmp_path, silent.getsockname()[1])
        process = project.start("results/far/data/folds.csv")
        silent.settimeout(60)
        connection, _ = silent.accept()  # now it waits for the answer
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        connection.close()
    assert_only_the_config_has_secrets(project, "scripts")


# The record of provenance


@pytest.fixture(scope="module")
def record(finished_with_all):
    return json.loads(finished_with_all.read("results/ex4/provenance.json"))


def test_the_record_has_the_data_the_config_and_the_environment_of_the_tables(
    record, finished_with_all
):
    folder = finished_with_all.folder / "results/ex4"
    data = (folder / "data/dataset.csv").read_bytes()
    completed = full(WITH_ALL)
    config = json.dumps(completed, sort_keys=True, separators=(",", ":")).encode()
    assert record["data_sha256"] == hashlib.sha256(data).hexdigest()
    assert record["config"] == completed
    assert record["config_sha256"] == hashlib.sha256(config).hexdigest()
    assert record["seed"] == WITH_ALL["seed"]
    assert record["python"] == platform.python_version()
    assert record["platform"].startswith(f"{platform.system()}-{platform.machine()}")
    assert platform.release() not in record["platform"]
    assert {"numpy", "tensorflow", "scikit-learn", "pyarrow"} <= record["packages"].keys()


def test_the_record_holds_the_digest_of_every_table(record, finished_with_all):
    tables = (finished_with_all.folder / "results/ex4/tables").glob("*.csv")
    digests = {table.name: hashlib.sha256(table.read_bytes()).hexdigest() for table in tables}
    del digests["timings.csv"]  # no two runs have it in common
    assert record["tables_sha256"] == digests


def test_the_record_follows_an_edit_of_a_rule(project):
    rules = "workflow/rules/train.smk"
    project.write(rules, project.read(rules) + "\n# A comment.\n")
    assert project.planned() == {"provenance"}
    before = json.loads(project.read("results/ex4/provenance.json"))
    project.run("results/ex4/provenance.html")
    after = json.loads(project.read("results/ex4/provenance.json"))
    assert {key for key in before if before[key] != after[key]} == {"code_sha256"}
