"""What is used of Snakemake, and its documentation does not promise, is there."""

import errno
import inspect
import json
from types import SimpleNamespace

import pytest
from snakemake import api  # first, as its modules import each other in a circle
from snakemake.dag import DAG
from snakemake.exceptions import WorkflowError
from snakemake.persistence import PersistenceBase
from snakemake.persistence.file import FilePersistence
from snakemake.rules import Rule

from backprop.workflow.snakemake_internals import Session

Workflow = api.Workflow
FILE = "results/d/tables/fits.csv"


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (Workflow, "create_report"),
        (Workflow, "execute"),
        (Workflow, "rules"),
        (Workflow, "dag"),
        (Workflow, "persistence"),
        (PersistenceBase, "metadata"),
        (PersistenceBase, "_read_record"),
        (Rule, "expand_input"),
    ],
)
def test_snakemake_still_has(owner, name):
    assert hasattr(owner, name)


def test_snakemake_still_forces_the_jobs_of_files():
    assert "self.forcefiles = set()" in inspect.getsource(DAG.__init__)


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe", b"[1]", b'{"params": 3}', b"", b"{", b"3", b'"text"'],
    ids=["no UTF-8", "list", "other type", "empty", "cut off", "number", "text"],
)
def test_a_damaged_part_of_snakemakes_memory_is_a_missing_one(content, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    persistence = FilePersistence(path=tmp_path / ".snakemake")
    workflow = SimpleNamespace(persistence=persistence)
    persistence._io_write(persistence._metadata_path, {}, FILE)
    (stored,) = (tmp_path / ".snakemake/metadata").iterdir()
    stored.write_bytes(content)
    Session(workflow).forget_damage()
    assert persistence._read_record(FILE) is None


def test_a_sound_part_of_snakemakes_memory_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    persistence = FilePersistence(path=tmp_path / ".snakemake")
    Session(SimpleNamespace(persistence=persistence)).forget_damage()
    persistence._io_write(persistence._metadata_path, {"params": ["4"], "input": ["a"]}, FILE)
    assert json.loads(next((tmp_path / ".snakemake/metadata").iterdir()).read_text())
    assert persistence._read_record(FILE).params == ["4"]


def test_an_error_of_a_file_becomes_one_message():
    def fail():
        raise OSError(errno.ENOSPC, "No space left on device", "results/x.csv")

    workflow = SimpleNamespace(execute=fail)
    Session(workflow).shorten_errors()
    with pytest.raises(WorkflowError, match=r"^No space left on device: results/x"):
        workflow.execute()
