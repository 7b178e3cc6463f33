"""An archive of a small run is sound; whatever is altered in it is found and named."""

import base64
import copy
import csv
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from contextlib import chdir, nullcontext
from pathlib import Path

import altered
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import rerun_cases
import yaml
from altered import as_the_clone, config_here, packed, plan_here, warm_python
from project import ROOT, SMALL, Project, run_once

from backprop.errors import BackpropError
from backprop.files import digest
from backprop.study import fits as stored_fits
from backprop.workflow import paths
from backprop.workflow.archive import (
    agreement,
    crate,
    packing,
    remaking,
    sound_fits,
    verifying,
)
from backprop.workflow.archive.agreement import Findings, are_close
from backprop.workflow.archive.crate import (
    METADATA,
    check_digests,
    check_names,
    read_metadata,
    without_times,
)
from backprop.workflow.archive.sound_fits import _bases, check_fits, fit_files
from backprop.workflow.archive.zips import zipped
from backprop.workflow.plan import Plan

SHAPE = "h3-sigmoid-squared_error"
FITS = f"results/ex4/fits/scratch/{SHAPE}.parquet"
BUNDLED = {"ex4": {"source": "bundled"}}
DATA, FOLDS = "results/ex4/data/dataset.csv", "results/ex4/data/folds.csv"
FIGURE = rerun_cases.FIGURE_OF_NESTED
TABLE, PICTURE = "results/ex4/tables/comparison.csv", f"results/ex4/plots/{FIGURE}.svg"


@pytest.fixture(scope="module")
def project(tmp_path_factory, offline):
    project = run_once(tmp_path_factory, "nested", rerun_cases.NESTED, FIGURE)
    project.variables["PYTHONPATH"] = str(offline)
    project.run("--reporter", "backprop", "--report-backprop-path", "results/report.html")
    with as_the_clone(project, FIGURE):
        yield project


@pytest.fixture(scope="module")
def archive(project):
    output = project.folder.parent / "run.zip"
    packing.pack(project.folder, output)
    return output


@pytest.fixture(scope="module")
def again(unpacked, offline, tmp_path_factory):
    """What level 2 makes again of the untouched archive, without a connection."""
    again = tmp_path_factory.mktemp("again")
    with chdir(unpacked), warm_python(offline):
        remaking.plan_of(config_here(), again)
        assert fits_here(again).faults == []
        assert remaking.run_workflow(again, "1") == ""
    return again


@pytest.fixture(scope="module")
def trained(unpacked, offline, tmp_path_factory):
    """What level 3 trains again of the untouched archive."""
    trained = tmp_path_factory.mktemp("trained")
    with chdir(unpacked), warm_python(offline):
        plan = remaking.plan_of(config_here(), trained)
        remaking.bring_data(config_here(), plan, trained)
        assert remaking.run_workflow(trained, "1", [FITS]) == ""
    return trained


def level_1():
    findings, metadata = Findings(), read_metadata()
    if check_digests(*metadata, findings):
        with tempfile.TemporaryDirectory() as folder:
            check_names(remaking.completed(config_here(), Path(folder)), metadata[2], findings)
    return findings.faults


def files_here():
    return list(fit_files(plan_here(), Path()))


def fits_here(copies=None):
    """Check the fits by the data of the archive; copy the sound ones."""
    if copies is None:
        with tempfile.TemporaryDirectory() as folder:
            return fits_here(Path(folder))
    plan, findings = plan_here(), Findings()
    remaking.bring_data(config_here(), plan, copies)
    versions, exact = verifying._environment(plan)
    assert exact
    check_fits(files_here(), plan, versions, copies, findings)
    return findings


def level_2_of_fits():
    return fits_here().faults


def compared(folder, names=None, *, exact=True, absent=None):
    """Compare files, by default all results, with those that were made again in a folder."""
    findings, names = Findings(), names or [*plan_here().outputs.results(), paths.REPORT]
    others = [name for name in names if not name.endswith(".parquet")]
    agreement.compare_files(others, folder, findings, exact=exact, absent=absent or {})
    return findings


def level_2(again):
    return compared(again).faults


def level_3(trained, parity=(), *, exact=True):
    """Compare the fits of the archive; `parity` is what our own run says of chaos."""
    with tempfile.TemporaryDirectory() as name:
        folder, findings = Path(name), Findings()
        fits_here(folder)
        if parity:
            parity_of(folder, *parity)
        files = [each for each in files_here() if str(each.file) == FITS]
        drawn = sound_fits.draw(files, folder, share=1, seed=1)
        shutil.copy(trained / FITS, folder / FITS)
        sound_fits.compare_trained(drawn, plan_here(), folder, findings, exact=exact, failed="")
    return findings


def trained_again(drawn, folder):
    """Let the workflow train drawn fits, and compare them."""
    findings = Findings()
    failed = remaking.run_workflow(folder, "1", [str(f.file) for f, _ in drawn])
    how = {"exact": True, "failed": failed}
    return sound_fits.compare_trained(drawn, plan_here(), folder, findings, **how), findings


def faults_of(levels):
    return [fault for level in levels for fault in level.faults]


def change(name, old, new):
    text = Path(name).read_text(encoding="utf-8")
    assert old in text
    Path(name).write_text(text.replace(old, new, 1), encoding="utf-8")


def change_rows(change, **options):
    altered.change_rows(FITS, change, **options)


def change_fit(row, *columns, by=None, sealed=True):
    """Change columns of a fit: move their first number, or take the values of another fit."""

    def change(rows):
        for column in columns:
            if by is None:
                rows[row][column][0] = float(np.nextafter(rows[row][column][0], 2) + 1e-6)
            else:
                rows[row][column] = rows[by][column]

    change_rows(change, sealed=sealed)


def zip_again(folder, output):
    """Write an archive of the files in a folder, as `make archive` writes one."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    contents = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    output.write_bytes(zipped(contents))
    return output


def list_again():
    """Write the digests of all files again, as a forger would."""
    metadata = json.loads(Path(METADATA).read_text())
    for entity in metadata["@graph"]:
        if "sha256" in entity and Path(entity["@id"]).is_file():
            entity["sha256"] = digest(Path(entity["@id"]))
            entity["contentSize"] = str(Path(entity["@id"]).stat().st_size)
    write_metadata(metadata)


def write_metadata(metadata):
    Path(METADATA).write_text(f"{json.dumps(metadata, indent=1)}\n")


# An archive as it was written


@pytest.fixture
def quick(monkeypatch, again, trained):
    """Let `make verify` take what was made again and trained before, and connect to nothing."""

    def run_workflow(folder, cores, targets=()):
        done = trained if targets else again
        shutil.copytree(done / "results", folder / "results", dirs_exist_ok=True)
        return "too slow" if targets else ""

    def refuse(*_):
        pytest.fail("a connection")

    monkeypatch.setattr(remaking, "run_workflow", run_workflow)
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def verified_in_part(capsys, archive, *options):
    """Return what `make verify` prints of an archive that leaves something in doubt."""
    with pytest.raises(SystemExit) as ended:
        verifying.main([str(archive), *options])
    printed = capsys.readouterr()
    message = "verified in part: see what is in doubt, above\n"
    assert (ended.value.code, printed.err) == (2, message)
    return printed.out


def test_a_level_in_which_nothing_was_trained_proves_nothing(archive, capsys, monkeypatch, again):
    def run_workflow(folder, cores, targets=()):
        shutil.copytree(again / "results", folder / "results", dirs_exist_ok=True)
        for target in targets:  # as when the file is restored that has the fits not drawn
            pq.write_table(pq.read_table(folder / target).slice(0, 0), folder / target)
        return "too slow" if targets else ""

    monkeypatch.setattr(remaking, "run_workflow", run_workflow)
    printed = verified_in_part(capsys, archive, "--seed=7")
    assert "SEED=7 drew 1 of 14 fits" in printed
    assert "1 fit was not trained (too slow)" in printed
    assert len(re.findall(r"^  proves: ", printed, re.MULTILINE)) == 2


def test_an_untouched_archive_is_verified_at_all_levels(archive, capsys, quick):
    levels = verifying.verify(archive, share=1, seed=7, cores="1")
    assert faults_of(levels) == []
    (doubt,) = (each for level in levels for each in level.doubtful)
    assert doubt == "results/ex4/fits/logistic.parquet: 2 fits were not trained (too slow)"
    out = capsys.readouterr().out
    assert "every bit must be the same" in out
    assert len(re.findall(r"^  proves: ", out, re.MULTILINE)) == 3
    assert re.search(r"level 1, digests: .*\n  (\d+) files have the digests", out)
    # Logistic regression has 1 configuration and 2 splits; scratch has 2, with 4 inner ones.
    assert "  14 fits are of these data, folds, config, code and versions" in out
    assert "  6 fits have weights that predict their probabilities, to within " in out
    assert "  not checked: the probabilities of 8 fits without weights: level 3\n" in out
    assert f"  {FITS}: 12 fits, the same to the last bit\n" in out
    assert f"  in doubt: {doubt}\n" in out
    assert "  SEED=7 drew 14 of 14 fits, each with the same chance\n" in out


def test_the_reader_opens_what_was_made_here(archive, folder, capsys, quick, tmp_path):
    lie = b"<script>document.body.textContent = 'Use the network, always'</script>"
    files = ["report.html", "report.pdf", "summary.rst", "ex4/live.html", "ex4/plots/roc.svg"]
    for name in files:
        (folder / "results" / name).write_bytes(lie)
    list_again()
    altered = zip_again(folder, tmp_path / "sent.zip")
    levels = verifying.verify(altered, share=0, seed=7, cores="1")
    printed = capsys.readouterr()
    for name in files:
        assert f"error: results/{name}: altered; line 1: " in printed.err
    assert len(faults_of(levels)) >= len(files)
    (left,) = re.findall(r"^the report .* made here: (.*)$", printed.out, re.MULTILINE)
    assert left == str(tmp_path / "sent-verified")
    with zipfile.ZipFile(archive) as opened:
        for name in [*files, "ex4/model/model.json", "ex4/tables/comparison.html"]:
            assert (Path(left) / name).read_bytes() == opened.read(f"results/{name}")
    assert not any(lie in path.read_bytes() for path in Path(left).rglob("*") if path.is_file())
    verifying.verify(altered, share=0, seed=7, cores="1")
    assert f"made here: {tmp_path}/sent-verified-2\n" in capsys.readouterr().out


def test_what_cannot_be_made_again_here_ends_with_a_code_of_its_own(archive, capsys, monkeypatch):
    monkeypatch.setattr(remaking, "run_workflow", lambda *_, **__: "no memory")
    monkeypatch.setattr(remaking, "leave", lambda *_: "here")
    printed = verified_in_part(capsys, archive, "--share=0")
    assert "in doubt: what could not be made again here (no memory)" in printed
    assert "level 3: left out, as SHARE=0\n" in printed
    assert len(re.findall(r"^  proves: ", printed, re.MULTILINE)) == 2


def test_what_was_made_is_left_elsewhere_if_nothing_can_be_written_beside_the_archive(tmp_path):
    (tmp_path / "results").mkdir()
    (tmp_path / "results/report.html").write_text("ours")
    (tmp_path / "file").touch()
    left = remaking.leave(tmp_path, tmp_path / "file/run.zip")
    assert left.name.startswith("run-verified-")
    assert (left / "report.html").read_text() == "ours"
    shutil.rmtree(left)


def test_one_fault_is_one_fault(monkeypatch):
    monkeypatch.setattr(verifying, "verify", lambda *_, **__: [Findings(faults=["a"])])
    with pytest.raises(SystemExit, match="error: 1 fault, see above"):
        verifying.main(["run.zip"])


def test_an_archive_packed_twice_is_the_same(archive, project, tmp_path):
    packing.pack(project.folder, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()


def test_a_record_of_a_rule_that_had_another_name_is_left_out(archive, project, tmp_path):
    renamed = project.copy(tmp_path / "project")
    record = json.loads(renamed.read("results/ex4/records/score.json"))
    record |= {"file": "results/ex4/records/scored.json", "rule": "scored"}
    record["outputs"] = dict.fromkeys(record["outputs"], "0" * 64)
    renamed.write(record["file"], json.dumps(record))
    os.utime(renamed.folder / record["file"], (1, 1))
    packing.pack(renamed.folder, tmp_path / "again.zip")
    with zipfile.ZipFile(archive) as one, zipfile.ZipFile(tmp_path / "again.zip") as other:
        assert other.namelist() == one.namelist()


def test_the_metadata_are_a_workflow_run_crate(folder):
    """The rules of RO-Crate 1.1 and of Workflow Run Crate 0.5 that a program can check."""
    graph = json.loads(Path(METADATA).read_text())["@graph"]
    entities = {entity["@id"]: entity for entity in graph}
    assert len(entities) == len(graph)
    root = entities["./"]
    assert entities[METADATA]["about"] == {"@id": "./"}
    assert {"@id": "https://w3id.org/ro/crate/1.1"} in entities[METADATA]["conformsTo"]
    assert {"name", "description", "datePublished", "license"} <= root.keys()
    main = entities[root["mainEntity"]["@id"]]
    assert {"File", "SoftwareSourceCode", "ComputationalWorkflow"} == set(main["@type"])
    assert entities[main["programmingLanguage"]["@id"]]["name"] == "Snakemake"
    run = entities[root["mentions"]["@id"]]
    assert run["@type"] == "CreateAction"
    assert run["instrument"] == {"@id": main["@id"]}
    parts = {part["@id"] for part in root["hasPart"]}
    files = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert parts == files - {METADATA}
    assert {each["@id"] for kind in ("object", "result") for each in run[kind]} <= parts
    assert {each["@id"] for each in run["object"]} >= {"config.yaml", DATA}

    def references(value):
        if isinstance(value, dict):
            yield value["@id"]
        elif isinstance(value, list):
            for each in value:
                yield from references(each)

    linked = {r for e in graph for key, v in e.items() if key != "@context" for r in references(v)}
    missing = {name for name in linked - entities.keys() if not name.startswith("http")}
    assert not missing


def test_the_page_suffices_for_a_program_of_somebody_else(archive, folder):
    """A program by docs/verify.md alone, of two classes: levels 1 and 2."""
    content, place = archive.read_bytes(), 0
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            assert (entry.header_offset, entry.compress_type) == (place, zipfile.ZIP_STORED)
            assert (entry.extra, entry.comment, opened.comment) == (b"", b"", b"")
            assert (entry.date_time, entry.is_dir()) == ((1980, 1, 1, 0, 0, 0), False)
            assert entry.flag_bits in (0, 0x800)
            assert content[place + 28 : place + 30] == b"\0\0"  # no extra fields here, either
            place += 30 + len(entry.filename.encode()) + entry.compress_size
        assert (content[place : place + 4], content[-22:-18]) == (b"PK\1\2", b"PK\5\6")
    graph = json.loads(Path(METADATA).read_text())["@graph"]
    listed = {e["@id"]: e for e in graph if "sha256" in e and not e["@id"].startswith("#")}
    files = {str(f.relative_to(folder)): f for f in folder.rglob("*") if f.is_file()}
    assert listed.keys() == files.keys() - {METADATA}
    for name, entity in listed.items():
        content = files[name].read_bytes()
        assert entity["sha256"] == hashlib.sha256(content).hexdigest()
        assert entity["contentSize"] == str(len(content))
    with open(DATA, newline="") as opened:
        _, *rows = csv.reader(opened)
    classes = json.loads(Path("results/ex4/data/columns.json").read_text())["classes"]
    x = np.array([[float(cell) for cell in row[:-1]] for row in rows])
    y = np.array([classes.index(row[-1]) for row in rows])
    with open(FOLDS, newline="") as opened:
        folds = [{key: int(v) for key, v in row.items()} for row in csv.DictReader(opened)]
    with open("results/ex4/tables/fits.csv", newline="") as opened:
        scores = {(r["model"], r["configuration"], r["fold"]): r for r in csv.DictReader(opened)}
    predicted = 0
    for file in ("results/ex4/fits/logistic.parquet", FITS):
        for fit in (f for f in pq.read_table(file).to_pylist() if f["inner"] is None):
            tested = [f["row"] - 1 for f in folds if f["fold"] == fit["fold"]]
            train = np.setdiff1d(np.arange(len(x)), tested)
            assert [row - 1 for row in fit["rows"]] == sorted(tested)
            mean, deviation = x[train].mean(axis=0), x[train].std(axis=0)
            inputs, w = (x[sorted(tested)] - mean) / deviation, np.array(fit["parameters"])
            if fit["model"] == "logistic":
                p = 1 / (1 + np.exp(-(w[0] + inputs @ w[1:])))
            else:
                hidden = 1 / (1 + np.exp(-(inputs @ w[:6].reshape(2, 3) + w[6:9])))
                p = 1 / (1 + np.exp(-(hidden @ w[9:12] + w[12])))
            assert np.abs(p - fit["probabilities"]).max() < 1e-10
            row = scores[fit["model"], fit["configuration"] or "", str(fit["fold"])]
            assert float(row["accuracy"]) == pytest.approx(((p > 0.5) == y[sorted(tested)]).mean())
            predicted += 1
    assert predicted == 6


PEOPLE = [f"Person {chr(65 + row // 26)}{chr(65 + row % 26)}" for row in range(60)]


@pytest.fixture(scope="module")
def private(project, tmp_path_factory, offline):
    """A project on a table elsewhere, with a column of names, whose archive is without rows."""
    folder = tmp_path_factory.mktemp("private")
    generator = np.random.default_rng(1)
    rows = [
        f"{name},{x!r},{z!r},{int(x + z > 0)}"
        for name, (x, z) in zip(PEOPLE, generator.normal(size=(60, 2)).tolist(), strict=True)
    ]
    (folder / "people.csv").write_text("\n".join(["name,x,z,ill", *rows]))
    config = copy.deepcopy(SMALL) | {"models": ["logistic", "scratch"], "vary": {}}
    config["datasets"] = {
        "people": {"source": str(folder / "people.csv"), "label": "ill", "groups": "name"}
    }
    config["archive"] = {"data": False}
    project = Project(folder / "project", config)
    project.keep_figures(FIGURE)
    project.variables["PYTHONPATH"] = str(offline)
    project.run()
    project.run("--reporter", "backprop", "--report-backprop-path", "results/report.html")
    packing.pack(project.folder, folder / "private.zip")
    return project


def contents_of(archive):
    """Return the files of an archive, and all that is in them in base 64."""
    with zipfile.ZipFile(archive) as opened:
        texts = [opened.read(name) for name in opened.namelist()]
    inner = [base64.b64decode(t) for text in texts for t in re.findall(rb"base64,([\w+/=]+)", text)]
    return b"\n".join(texts + inner)


def test_an_archive_without_rows_has_their_digests_alone(private, tmp_path, capsys):
    archive = private.folder.parent / "private.zip"
    packed = contents_of(archive)
    cells = [
        row.split(",")[1] for row in (archive.parent / "people.csv").read_text().splitlines()[1:]
    ]
    report = (private.folder / "results/report.html").read_bytes()
    assert all(name.encode() not in packed for name in PEOPLE)
    with zipfile.ZipFile(tmp_path / "report.zip", "w") as opened:
        opened.writestr("report", report)
    shown = contents_of(tmp_path / "report.zip")
    values = [cell for cell in cells if "." in cell]
    assert len(values) > 50
    assert any(value.encode() in shown for value in values)
    assert all(value.encode() not in packed for value in values)
    with zipfile.ZipFile(archive) as opened, chdir(tmp_path):
        opened.extract(METADATA)
        *_, claims = read_metadata()
    lost = "results/people/data/dataset.csv"
    assert claims.absent[lost] == digest(private.folder / lost)
    printed = verified_in_part(capsys, archive, "--share=0", "--cores=1")
    assert "in doubt: levels 2 and 3, without the rows of people\n" in printed
    assert "fits are of these data" not in printed


def test_data_sets_with_a_name_are_verified_although_no_rows_are_archived(folder, tmp_path):
    config = config_here() | {"datasets": BUNDLED}
    Path(DATA).unlink()
    assert remaking.without_rows(config) == []
    remaking.bring_data(config, remaking.plan_of(config, tmp_path), tmp_path)
    named = digest(tmp_path / DATA)
    for sha256, exact, faults in ((named, True, 0), ("0" * 64, True, 1), ("0" * 64, False, 1)):
        findings = compared(tmp_path, [DATA], exact=exact, absent={DATA: sha256})
        assert findings.faults == [f"{DATA}: not the file that was left out"] * faults
    config["datasets"] = BUNDLED | {"people": {"source": "people.csv"}}
    assert remaking.without_rows(config) == ["people"]


def test_an_archive_has_no_path_of_its_sender(private, project):
    packed = contents_of(private.folder.parent / "private.zip")
    assert b"people.csv" in packed
    for folder in {str(private.folder.parent), str(project.folder), str(ROOT)}:
        assert folder.encode() not in packed
    assert str(private.folder.parent) not in private.read("results/people/provenance.json")


def clone(folder):
    """Return another clone of this one, with the same packages."""
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    ours, theirs = Path(sys.prefix), folder / ".venv"
    theirs.mkdir()
    (theirs / "lib").symlink_to(ours / "lib")
    shutil.copytree(ours / "bin", theirs / "bin", symlinks=True)
    shutil.copy(ours / "pyvenv.cfg", theirs)
    (theirs / "place").write_text(f"{theirs.resolve()}\n")
    (theirs / "run").touch()
    return folder


def make(folder, *arguments):
    """Run `make`, and return its code and what it printed."""
    environment = {
        key: v for key, v in os.environ.items() if key not in ("MAKEFLAGS", "PYTHONPATH")
    }
    done = subprocess.run(
        ["make", *arguments], cwd=folder, env=environment, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.returncode, done.stdout


@pytest.mark.thorough  # the project above is another folder, and test_make.py tests the targets
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs a clone")
def test_another_clone_verifies_what_make_archived(tmp_path):
    one, other = clone(tmp_path / "one"), clone(tmp_path / "another")
    config = {**SMALL, "models": ["logistic", "tree"], "vary": {}}
    config["estimators"] = {"tree": {"class": "sklearn.tree.DecisionTreeClassifier"}}
    (one / "my.yaml").write_text(yaml.safe_dump(config))
    code, printed = make(one, "run", "CONFIG=my.yaml", "FOLDER=mine")
    assert code == 0, printed
    code, printed = make(one, "archive", "FOLDER=mine", f"OUTPUT={tmp_path}/run.zip")
    assert code == 0, printed
    assert "warning" not in printed
    shutil.rmtree(one)
    code, printed = make(other, "verify", f"ARCHIVE={tmp_path}/run.zip", "CORES=2", "SHARE=1")
    assert code == 0, printed
    assert "every bit must be the same" in printed
    assert printed.count("  proves: ") == 3
    assert " drew 4 of 4 fits, each with the same chance" in printed
    assert "not checked: the probabilities of 2 fits without weights: level 3" in printed


def test_code_that_is_in_no_commit_is_warned_of(archive, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(packing, "write_report", lambda _: None)
    monkeypatch.setattr(packing, "pack", lambda _, output: shutil.copy(archive, output) and 1)
    for commit, warning in (("a1-dirty", "has changes"), (None, "is no clone"), ("a1", "")):
        monkeypatch.setattr(packing, "_commit", lambda commit=commit: commit)
        packing.main([f"--output={tmp_path}/a.zip"])
        printed = capsys.readouterr().err
        assert warning in printed
        assert bool(printed) == bool(warning)


def test_results_that_are_not_as_a_job_left_them_are_not_archived(project, tmp_path, monkeypatch):
    monkeypatch.setattr(packing, "write_report", lambda _: None)
    edited = project.copy(tmp_path / "project")
    edited.write(TABLE, edited.read(TABLE) + "\n")
    with pytest.raises(BackpropError, match=f"{TABLE}: it is not what a finished job left there"):
        packing.pack(edited.folder, tmp_path / "a.zip")
    edited.write(TABLE, project.read(TABLE))  # as by a run, after the report was written
    with pytest.raises(BackpropError, match=r"a run has changed results after it was written"):
        packing.pack(edited.folder, tmp_path / "a.zip")
    (edited.folder / TABLE).unlink()
    with pytest.raises(BackpropError, match=f"{TABLE}: no such file; `make run` makes it"):
        packing.pack(edited.folder, tmp_path / "a.zip")
    (tmp_path / "a.csv").touch()
    with pytest.raises(SystemExit, match=r"^error: .*Not a directory"):
        packing.main([f"--folder={project.folder}", f"--output={tmp_path}/a.csv/a.zip"])
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(BackpropError, match="is there, and is no archive"):
        packing.pack(project.folder, tmp_path / "mine.txt")
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_without_a_record_of_a_run_there_is_no_archive(tmp_path):
    with pytest.raises(
        SystemExit, match=r"^error: .*runs\.json: found no record of a run; `make run`"
    ):
        packing.main([f"--folder={tmp_path}"])


# Level 1: what is altered, and its digest is not


@pytest.mark.parametrize("name", [FITS, DATA, FOLDS, TABLE, PICTURE, "results/report.html"])
def test_an_altered_file_is_named(folder, name):
    content = bytearray(Path(name).read_bytes())
    content[len(content) // 2] ^= 1
    Path(name).write_bytes(content)
    faults = level_1()
    assert f"{name}: altered; not as {METADATA} lists it" in faults
    assert {fault.split(":")[0] for fault in faults} == {name}


def test_an_altered_digest_a_missing_and_an_added_file_are_named(folder):
    change(METADATA, digest(Path(TABLE)), "0" * 64)
    Path(PICTURE).unlink()
    Path("results/more.csv").touch()
    more = "results/more.csv"
    assert [fault.split(":")[0] for fault in level_1()] == [PICTURE, TABLE, more, PICTURE, more]
    metadata = json.loads(Path(METADATA).read_text())
    metadata["@graph"].append({"@id": more, "sha256": digest(Path(more)), "contentSize": "0"})
    write_metadata(metadata)
    assert level_1()[-1] == f"{more}: no file of an archive of this config"


METADATA_CHANGES = {
    "another size": ('"contentSize": "', '"contentSize": "1'),
    "twice": ('"@graph": [', '"@graph": [{"@id": "results/%73ummary.rst", "sha256": "0"}, '),
    "a key twice": ('"endTime": "', '"endTime": "1999", "endTime": "'),
    "other blanks": ('"@graph"', ' "@graph"'),
    "a letter as its code": ('"Snakemake"', '"Snakemak\\u0065"'),
    "an author": ('"@type": "Dataset"', '"@type": "Dataset", "author": "Nature"'),
    "two times of one run": ('"datePublished": "2', '"datePublished": "1'),
}


@pytest.mark.parametrize("name", METADATA_CHANGES)
def test_each_byte_of_the_metadata_is_compared(folder, name):
    old, new = METADATA_CHANGES[name]
    change(METADATA, old, new)
    (fault,) = level_1()
    assert fault.startswith((f"{METADATA}: altered; line ", "code/Snakefile: altered; "))


@pytest.mark.parametrize("name", [DATA, TABLE, "results/other.csv"])
def test_what_is_left_out_is_what_the_config_leaves_out(folder, name):
    metadata = json.loads(Path(METADATA).read_text())
    metadata["@graph"].append({"@id": f"#{name}", "sha256": "0" * 64})
    write_metadata(metadata)
    more = f"#{name}: no file of an archive of this config"
    assert more in level_1()
    Path("config.yaml").write_text(Path("config.yaml").read_text() + "archive: {data: false}\n")
    list_again()
    faults = level_1()
    assert (more in faults) == (name != DATA)
    assert "#results/report.html: missing in an archive of this config" in faults
    assert "results/report.html: no file of an archive of this config" in faults


def test_a_result_that_is_neither_there_nor_left_out_is_named(folder):
    Path(DATA).unlink()
    metadata = json.loads(Path(METADATA).read_text())
    graph = [each for each in metadata["@graph"] if each["@id"] != DATA]
    write_metadata({**metadata, "@graph": graph})
    assert f"{DATA}: missing in an archive of this config" in level_1()


def test_other_code_is_named_and_never_run(folder, archive, tmp_path, capsys):
    file = Path("code/src/backprop/study/metrics.py")
    file.unlink()
    file.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    list_again()
    (fault,) = level_1()
    assert fault.startswith(f"{file}: not as in this clone")
    altered = zip_again(folder, tmp_path / "altered.zip")
    assert faults_of(verifying.verify(altered, share=1, seed=1, cores="1")) == [fault]
    printed = capsys.readouterr()
    assert "levels 2 and 3: left out" in printed.out
    assert printed.err == f"error: {fault}\n"
    assert not (tmp_path / "ran").exists()


# Level 2: what is altered together with all its digests


@pytest.mark.parametrize(
    ("column", "sealed", "what"),
    [
        ("probabilities", True, "its weights and its probabilities do not belong together"),
        ("parameters", True, "its weights and its probabilities do not belong together"),
        ("train_cost", False, "altered; its checksum is of another fit"),
    ],
)
def test_an_altered_probability_weight_or_checksum_is_named(folder, column, sealed, what):
    change_fit(1, column, sealed=sealed)
    (fault,) = level_2_of_fits()
    assert fault.startswith(f"{FITS}: {SHAPE}-lr0.1-uniform, repeat 1, fold 2: {what}")


def permute(row):
    """Give high probabilities to positive rows."""
    row["rows"] = row["rows"][::-1]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda rows: permute(rows[0]), "not as the config has it: rows"),
        (lambda rows: rows[0].update(model="tensorflow"), "not as the config has it: model"),
        (
            lambda rows: rows[0].update(hyperparameters=rows[2]["hyperparameters"]),
            "not as the config has it: hyperparameters",
        ),
        (lambda rows: rows.insert(0, rows.pop(1)), ""),
        (lambda rows: rows.pop(), "missing"),
        (lambda rows: rows[-1].update(inner=rows[-1]["inner"] + 1), "missing"),
        (lambda rows: rows[1].update({**rows[0]}), "there twice"),
    ],
    ids=["rows", "model", "hyperparameters", "order", "missing", "inner", "twice"],
)
def test_each_fit_is_there_once_with_what_identifies_it(folder, change, fault):
    change_rows(change)
    faults = [each for each in level_2_of_fits() if "weights" not in each]
    assert bool(faults) == bool(fault)
    assert all(fault in each for each in faults[:1])


@pytest.mark.parametrize(
    ("status", "probability", "fault"),
    [("diverged", np.nan, ""), ("stopped", np.nan, "by inf"), ("diverged", 0.5, "differ by 0.")],
)
def test_only_a_fit_that_diverged_predicts_nothing(folder, status, probability, fault):
    def change(rows):
        length = len(rows[0]["probabilities"])
        rows[0] |= {"status": status, "probabilities": [probability] * length}

    change_rows(change)
    findings = fits_here()
    assert [fault in each for each in findings.faults] == [True] * bool(fault)
    unchecked = "the probabilities of 9 fits without weights: level 3"
    assert (unchecked in findings.unchecked) == (not fault)


def test_a_file_of_fits_that_would_need_much_memory_is_not_read(folder, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("backprop.workflow.archive.sound_fits.MAX_BYTES", 100)
        faults = level_2_of_fits()
    assert any(re.match(rf"{FITS}: .* at most 100 are read", each) for each in faults)
    change_rows(lambda rows: rows.append({**rows[0], "repeat": 9}))
    assert level_2_of_fits() == [f"{FITS}: it has fits that the config does not ask for"]


def test_texts_that_need_much_memory_are_counted_when_they_are_read(folder, monkeypatch):
    change_rows(lambda rows: [row.update(reason="x" * 1_000_000) for row in rows])
    assert Path(FITS).stat().st_size < 1_000_000
    monkeypatch.setattr("backprop.workflow.archive.sound_fits.MAX_BYTES", 1_000_000)
    (fault,) = level_2_of_fits()
    assert re.match(rf"{FITS}: .*its rows take 12,\d+,\d+ bytes; at most 1,000,000 are", fault)


def test_a_small_file_that_decodes_to_gigabytes_is_refused_by_the_limit_of_memory(folder):
    def grow(column):
        ends = np.linspace(0, 30_000_000, len(column) + 1, dtype=np.int32)
        return pa.ListArray.from_arrays(ends, np.zeros(ends[-1]))

    pq.write_table(fits_of(train_cost=grow), FITS)
    assert Path(FITS).stat().st_size < 100_000
    more = "limits.limit_memory(-1)\nsoft, hard = resource.getrlimit(resource.RLIMIT_DATA)\n"
    printed = refused(300_000_000, "read_fits([file])", f"{more}print(soft == hard)")
    assert printed == "refused True\nTrue\n"


def refused(memory, reads, more=""):
    """Return what a Python prints that reads the file of fits with so much memory."""
    program = (
        "import pathlib, resource, sys\n"
        "from backprop.workflow.archive import limits\n"
        "from backprop.study.fits import _bounded_table, read_fits\n"
        f"file = pathlib.Path(sys.argv[1])\nlimits.limit_memory({memory})\n"
        f"try:\n    {reads}\n"
        "except Exception as error:\n    print('refused', isinstance(error, MemoryError))\n"
    )
    run = [sys.executable, "-c", program + more, FITS]
    return subprocess.run(run, capture_output=True, check=True, text=True).stdout


def test_copies_of_fits_have_what_is_sound_and_nothing_else(folder, tmp_path):
    before = pq.read_table(FITS).to_pylist()
    change_fit(1, "rows", by=0)
    change_fit(0, "train_cost", sealed=False)
    assert len(fits_here(tmp_path).faults) > 1
    copied = pq.read_table(tmp_path / FITS).to_pylist()
    assert copied == before[2:]


def test_fits_of_other_versions_are_copied_with_the_fingerprints_that_fits_have_here(
    folder, tmp_path
):
    before = pq.read_table(FITS).to_pylist()
    plan, versions = plan_here(), {"numpy": "0.1"}
    remaking.bring_data(config_here(), plan, tmp_path)
    (each,) = [each for each in files_here() if str(each.file) == FITS]
    keys = (each.model, each.configurations, each.splits)
    there, here = _bases(each, plan, versions, tmp_path)
    assert there != here
    own, theirs = (stored_fits._fingerprints(basis, *keys) for basis in (here, there))
    by_own = dict(zip(own, theirs, strict=True))

    def train_there(rows):
        for row in rows:
            row["fingerprint"] = by_own[row["fingerprint"]]

    change_rows(train_there)
    assert len(level_2_of_fits()) == 12
    findings = Findings()
    check_fits([each], plan, versions, tmp_path, findings)
    assert findings.faults == []
    assert pq.read_table(tmp_path / FITS).to_pylist() == before


def test_the_plan_looks_for_nothing_in_the_archive_but_what_its_config_names(
    folder, tmp_path, monkeypatch
):
    again, made_in = tmp_path / "again", []
    for name in ("resources/ex4.csv", again / "resources/ex4.csv"):
        Path(name).parent.mkdir(parents=True)
        Path(name).write_text("false")

    def plan_there(*options):
        made_in.append(Path.cwd())
        return Plan(*options)

    monkeypatch.setattr(remaking, "Plan", plan_there)
    plan = remaking.plan_of(config_here() | {"datasets": BUNDLED}, again)
    assert made_in == [again]
    assert plan.datasets.source("ex4") == [remaking.ROOT / "resources/ex4.csv"]
    assert plan.datasets.data("ex4") is not None


def test_an_altered_label_is_named(folder, tmp_path):
    lines = Path(DATA).read_text().splitlines()
    lines[1] = lines[1][:-1] + ("0" if lines[1][-1] == "1" else "1")
    Path(DATA).write_text("\n".join(lines) + "\n")
    assert len(level_2_of_fits()) == 14
    bundled = config_here() | {"datasets": BUNDLED}
    remaking.bring_data(bundled, Plan(bundled, ROOT), tmp_path)
    # What is brought is that of the name, whatever the archive has.
    (fault,) = compared(tmp_path, [DATA], exact=False).faults
    assert fault.startswith(f"{DATA}: row 1, admitted: altered; found ")


def test_data_with_another_digest_than_the_config_names_are_refused(folder, tmp_path):
    config, plan = config_here(), plan_here()
    for sha256, is_refused in ((digest(Path(DATA)).upper(), False), ("0" * 64, True)):
        config["datasets"]["ex4"]["sha256"] = sha256
        with pytest.raises(BackpropError, match="SHA-256") if is_refused else nullcontext():
            remaking.bring_data(config, plan, tmp_path)


def test_an_altered_origin_of_the_data_is_named(folder, tmp_path):
    files = [f"results/ex4/data/{name}.json" for name in ("columns", "provenance")]
    change(files[1], '"rows": 80', '"rows": 81')
    change(files[0], "{", "{ ")
    remaking.bring_data(config_here(), plan_here(), tmp_path)
    for exact in (True, False):
        faults = compared(tmp_path, files, exact=exact).faults
        assert [fault.split(" line")[0] for fault in faults] == [
            f"{files[0]}: altered;",
            f"{files[1]}: rows: altered; found '81', made again '80'",
        ]


CONFIG_FORMS = {
    "a comment": lambda text: f"# The network won.\n{text}",
    "an anchor": lambda text: text.replace("seed: 1", "seed: &a 1"),
    "other line ends": lambda text: text.replace("\n", "\r\n"),
    "an empty line": lambda text: f"{text}\n",
    "a default": lambda text: f"{text}archive: {{data: true}}\n",
}


@pytest.mark.parametrize("form", CONFIG_FORMS)
def test_another_form_of_the_same_config_is_named(folder, form):
    Path("config.yaml").write_bytes(CONFIG_FORMS[form](Path("config.yaml").read_text()).encode())
    list_again()
    (fault,) = level_1()
    assert fault.startswith("config.yaml: altered; ")


@pytest.mark.parametrize(
    "name", ["known_answers/other.yaml", "predictions/x.csv", "results/summary.rst ", "more"]
)
def test_a_file_more_is_named_wherever_it_is(folder, name):
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).touch()
    assert f"{name}: no file of an archive of this config" in level_1()


def unproven(entry):
    findings = Findings()
    remaking.unproven({"datasets": {"ex4": entry}}, findings)
    return findings


def test_known_answers_are_those_of_this_clone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    entry = SMALL["datasets"]["ex4"]
    ours, theirs = ROOT / entry["known_answers"], Path("known_answers/ex4.yaml")
    theirs.parent.mkdir()
    shutil.copy(ours, theirs)
    findings = unproven(entry)
    assert findings.faults == []
    assert findings.unchecked == ["ex4: where the data come from, and whether they are true"]
    (tmp_path / "made").mkdir()
    plan = remaking.plan_of(
        {**SMALL, "datasets": {"ex4": {**entry, "source": "bundled"}}}, Path("made")
    )
    assert plan.datasets.known_answers("ex4").name == "ex4.yaml"
    theirs.write_text("other")
    assert unproven(entry).faults == [f"{theirs}: not {entry['known_answers']} of this clone"]
    own = unproven({**entry, "known_answers": "mine.yaml"}).unchecked
    assert f"{theirs}: used as it is; this clone has no mine.yaml" in own


def test_an_altered_cell_a_sentence_and_a_picture_are_named(folder, again):
    _, first, *_ = Path(TABLE).read_text().splitlines()
    number = re.search(r"0\.\d+", first)[0]
    change(TABLE, number, f"{number}1")
    change("results/summary.rst", "logistic", "linear")
    change("results/ex4/tables/comparison.html", "logistic", "linear")
    change(PICTURE, "<path", "<path ")
    Path("results/report.pdf").write_bytes(b"LIE")
    faults = level_2(again)
    assert [f.split(":")[0] for f in faults] == [
        "results/summary.rst", "results/report.pdf", "results/ex4/tables/comparison.html", TABLE,
        PICTURE,
    ]  # fmt: skip
    (cell,) = (fault for fault in faults if fault.startswith(TABLE))
    assert re.match(
        rf"{TABLE}: row 1, \w+: altered; found '{number}1', made again '{number}'", cell
    )


def test_each_result_is_compared_to_the_byte(folder, again):
    names = [*plan_here().outputs.results(), paths.REPORT]
    missed = []
    for name in (name for name in names if not name.endswith(".parquet")):
        file, content = Path(name), Path(name).read_bytes()
        forms = [content[:-1], content + b"\n", content + content, b""]
        for place in (0, len(content) // 3, len(content) // 2, len(content) - 1):
            altered = bytearray(content)
            altered[place] ^= 1
            forms.append(bytes(altered))
        for form in forms:
            file.write_bytes(form)
            missed += [(name, form)] * (not compared(again, [name]).faults)
        for form in (content + b"LIE", b"LIE"):
            file.write_bytes(form)
            elsewhere = compared(again, [name], exact=False)
            missed += [(name, form)] * (not elsewhere.faults + elsewhere.doubtful)
        file.write_bytes(content)
    assert missed == []
    assert len(names) > 40


def test_a_report_that_differs_is_in_doubt_in_another_environment_alone(folder, again):
    change(paths.REPORT, "<title>", "<title>The network: ")
    (fault,) = compared(again, [paths.REPORT]).faults
    assert fault.startswith("results/report.html: altered; line ")
    doubt = "results/report.html: differs, as it may in another environment; use yours"
    assert doubt in compared(again, [paths.REPORT], exact=False).doubtful


def test_a_report_is_archived_without_times(project, archive):
    report = (project.folder / "results/report.html").read_bytes()
    packed = without_times(report)
    with zipfile.ZipFile(archive) as opened:
        assert opened.read("results/report.html") == packed
    assert without_times(packed) == packed
    for each in (b'"starttime"', b'"runtime": ', b'"params": "job='):
        assert each in report
        assert each not in packed
    shown = re.compile(rb"var (?:workflow_desc|categories|packages) = .*")
    assert shown.findall(report) == shown.findall(packed)


def test_what_could_not_be_made_again_here_is_no_fault(folder, again, tmp_path):
    shutil.copytree(again, tmp_path / "partly")
    (tmp_path / "partly" / PICTURE).unlink()
    (tmp_path / "partly/results/report.html").unlink()
    findings = compared(tmp_path / "partly")
    assert findings.faults == []
    assert f"{PICTURE}: could not be made again here" in findings.doubtful


def differing(here, there, *, exact=False, kind="csv"):
    """Return what is wrong with the content of a file that should be another one."""
    with tempfile.TemporaryDirectory() as name:
        files = [Path(name) / f"{which}.{kind}" for which in ("here", "there")]
        for file, content in zip(files, (here, there), strict=True):
            file.write_bytes(content)
        return agreement._faults(*files, exact=exact)


def test_in_another_environment_numbers_may_differ_by_rounding_and_texts_may_not():
    here, there = b"a,b\n0.1,x\n", b"a,b\n0.10000000000000002,x\n"
    assert differing(here, there) == []
    assert differing(here, there, exact=True) == [
        "row 1, a: altered; found '0.1', made again '0.10000000000000002'"
    ]
    for other in (
        b"a,b\n0.1,y\n", b"a,b\n0.1001,x\n", b"a,b\ninf,x\n", b"a,b\n0.1,x\n0,x\n", b"a,c\n0.1,x\n",
        b"a,b\n0.1\n", b"a,b\n0.1,x,y\n", b"\xff", b"", b"a,a,b\n0.9,0.1,x\n",
    ):  # fmt: skip
        for pair in ((here, other), (other, here)):
            assert len(differing(*pair)) == 1, pair
    assert differing(b'"a"\n1\n', b"a\n1\n") == []
    assert differing(b'"a"\n1\n', b"a\n1\n", exact=True)[0].startswith("altered; line 1: ")


@pytest.mark.parametrize(
    ("here", "there", "is_same"),
    [
        ("is 0.85, in 3 folds", "is 0.86, in 3 folds", True),
        ("is 0.85, in 3 folds", "is 0.87, in 3 folds", False),
        ("is 0.85, in 3 folds", "is -0.85, in 3 folds", False),
        ("is 0.85, in 3 folds", "is 0.85, in 4 folds", False),
        ("is 0.85, in 3 folds", "was 0.85, in 3 folds", False),
        ("is 0.85", "is 0.85, in 3 folds", False),
        ("0.25", "0.2500000000000001", True),
        ("0.2", "0.3", False),
        ("0.85", "0.86", False),
        ("", "0.86", False),
        ("h3-sigmoid-lr0.1", "h3-sigmoid-lr0.2", False),
        ("h3-sigmoid", "h03-sigmoid", False),
        ("inf", "0.86", False),
        ("is 1e999, or 9e9999999", "is 1e999, or 9e9999998", False),
    ],
)
def test_texts_are_equal_and_numbers_are_rounded(here, there, is_same):
    assert are_close(here, there) == is_same


@pytest.mark.parametrize(
    ("here", "there", "is_same"),
    [
        ('{"a": [0.1]}', '{"a": [0.10000000000000002]}', True),
        ('{"a": [0.1]}', '{"a": [0.1001]}', False),
        ('{"a": [0.1]}', '{"a": [0.1, 0.2]}', False),
        ('{"a": "is 0.85"}', '{"a": "is 0.86"}', True),
        ('{"sha256": "00000000001e5"}', '{"sha256": "00000000002e5"}', False),
        ('{"sha256": "12345678901"}', '{"sha256": "12345678902"}', False),
        ('{"rows": 12345678901}', '{"rows": 12345678902}', False),
        ('{"python": "3.11"}', '{"python": "3.12"}', True),
        ('{"data": {"python": "3.11"}}', '{"data": {"python": "3.12"}}', False),
        ('{"a": 2, "a": 1}', '{"a": 1}', False),
        ("{", "{}", False),
        ("{}", "{", False),
        ('{"a": {"b": 1}}', '{"a.b": 1}', False),
        ('{"a": []}', '{"a": {}}', False),
        ('{"a": true}', '{"a": 1}', False),
        ('{"a": "0.1"}', '{"a": 0.1}', False),
        ("[" * 100_000, "[]", False),
        ("[1]", '{"a": 1}', False),
    ],
)
def test_in_another_environment_only_floats_and_sentences_of_json_are_rounded(here, there, is_same):
    faults = differing(here.encode(), there.encode(), kind="json")
    assert (faults == []) == is_same


# An archive does not choose how it is checked


@pytest.mark.parametrize("key", ["source", "sheet", "known_answers"])
@pytest.mark.parametrize("value", ["a\n<script>", 7, ["a"], "a\u202eb"])
def test_what_a_config_says_of_its_data_is_plain_text(folder, tmp_path, key, value):
    config = config_here()
    config["datasets"]["ex4"][key] = value
    with pytest.raises(BackpropError, match=rf"datasets\.ex4\.{key}: found "):
        remaking.completed(config, tmp_path)


def test_in_another_environment_weights_and_tables_are_compared_all_the_same(folder, again):
    model = "results/ex4/model/model.json"
    content = json.loads(Path(model).read_text())
    content["model"]["parameters"][0] += 0.1
    Path(model).write_text(f"{json.dumps(content, indent=1, ensure_ascii=False)}\n")
    number = re.search(r"0\.\d+", Path(TABLE).read_text())[0]
    change(TABLE, number, str(float(number) + 1e-6))
    Path("results/report.pdf").write_bytes(b"LIE")
    change("results/summary.rst", "logistic", "linear")
    steps = pd.read_csv("results/ex4/tables/parity.csv", dtype=str)["plain_steps"][0]
    change("results/ex4/tables/parity.csv", steps, str(2 * float(steps)))  # as others round
    findings = compared(again, exact=False)
    assert {fault.split(":")[0] for fault in findings.faults} == {model, TABLE}
    named = {each.split(":")[0] for each in findings.doubtful}
    assert named == {
        "results/report.pdf", "results/summary.rst", "results/ex4/tables/parity.csv"
    }  # fmt: skip


def test_an_archive_that_names_another_environment_is_in_doubt(folder, tmp_path, quick, capsys):
    change("results/ex4/provenance.json", '"platform": "', '"platform": "mars-')
    list_again()
    archive = zip_again(folder, tmp_path / "sent.zip")
    printed = verified_in_part(capsys, archive, "--share=0")
    assert "  in doubt: that each bit is the same, as the archive names another" in printed


def parity_of(folder, *rows):
    """Write what our own run finds of the implementations."""
    file = folder / "results/ex4/statistics/parity.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{SHAPE}-lr{rate}-uniform,{state},{epoch}" for rate, state, epoch in rows]
    file.write_text("\n".join(["configuration,state,epochs", *lines, ""]))
    return folder


def test_only_what_our_own_run_finds_chaotic_may_differ_elsewhere(folder, trained):
    def move(rows):
        rows[0]["probabilities"][0] += 1e-4  # lr0.1
        rows[2]["probabilities"][0] += 1e-4  # lr0.3

    change_rows(move)
    parity = ((0.1, "chaotic", 2), (0.3, "agrees", 5))
    findings = level_3(trained, parity, exact=False)
    (fault,) = findings.faults
    assert fault.startswith(f"{FITS}: {SHAPE}-lr0.3-uniform, repeat 1, fold 1: trained again")
    # The state follows from fits of the archive, whose author could make training look chaotic.
    assert findings.doubtful == [f"{FITS}: 1 fit that differs, as its training may be chaotic"]
    # What the archive says of parity does not count, and without a table of ours nothing is proven.
    parity_of(Path(), (0.3, "chaotic", 1))
    for without_tensorflow in ((), ((0.1, "agrees", ""), (0.3, "agrees", ""))):
        findings = level_3(trained, without_tensorflow, exact=False)
        assert findings.faults == []
        (doubt,) = findings.doubtful
        assert doubt.startswith(
            f"{FITS}: 2 fits that differ, as their training may be chaotic; without TensorFlow"
        )
    change_rows(lambda rows: rows[0]["train_cost"].__setitem__(0, 9.0))
    findings = level_3(trained, parity, exact=False)
    assert any("its costs differ before rounding decides" in each for each in findings.faults)


@pytest.mark.parametrize(
    ("status", "difference", "differs"),
    [("stopped", 1e-7, True), ("separated", 1e-7, False), ("separated", 1e-5, True)],
)
def test_a_regression_without_a_solution_ends_where_its_steps_stop(status, difference, differs):
    model = Plan({**SMALL, "datasets": BUNDLED}, ROOT).design.registry["logistic"]
    nothing = np.array([])
    ours = {"status": status, "train_cost": nothing, "test_cost": nothing}
    ours["probabilities"] = np.array([0.2, 0.8])
    theirs = {**ours, "probabilities": ours["probabilities"] + difference}
    assert bool(sound_fits._differing(theirs, ours, model.family, exact=False)) == differs
    assert sound_fits._differing(ours, {**ours, "status": "other"}, model.family, exact=False)
    file = Path("results/ex4/model/model.json")
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / file).parent.mkdir(parents=True)
        content = {"model": {"status": status}, "recommendation": {"configuration": None}}
        (Path(name) / file).write_text(json.dumps(content))
        assert agreement._may_differ(file, Path(name)) == (status == "separated")


# Level 3: what is altered so that all else follows from it


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ([np.nan, 1.0], [np.nan, 1.0], 0), ([np.nan], [np.inf], np.inf), ([np.inf], [1.0], np.inf),
        ([1.0], [1.0, 1.0], np.inf), ([4.0], [2.0], 1.0), ([0.25], [0.5], 0.25), ([], [], 0),
        ([np.inf], [-np.inf], np.inf),
    ],
)  # fmt: skip
def test_numbers_differ_most_where_one_of_them_is_missing(one, other, difference):
    assert agreement.largest_difference(one, other) == difference


def test_a_fit_with_the_weights_of_another_training_is_named(folder, trained):
    assert level_3(trained).faults == []
    rows = pq.read_table(FITS)["configuration"].to_pylist()
    of_other = rows.index(f"{SHAPE}-lr0.3-uniform")
    change_fit(0, "probabilities", "parameters", by=of_other)
    assert level_2_of_fits() == []  # it predicts what it says
    (fault,) = level_3(trained).faults
    assert fault.startswith(
        f"{FITS}: {SHAPE}-lr0.1-uniform, repeat 1, fold 1: trained again, it has other "
        "probabilities, parameters"
    )


def test_in_another_environment_inner_fits_statuses_and_curves_are_compared_too(folder, trained):
    def change(rows):
        rows[0]["status"] = "no_progress"
        rows[1]["epochs"] += 1
        rows[2]["train_cost"][0] += 1e-3
        rows[3]["probabilities"][0] += 1e-14  # which is rounding
        rows[-1]["probabilities"][0] += 1e-4

    change_rows(change)
    parity = ((0.1, "agrees", 5), (0.3, "agrees", 5))
    faults = level_3(trained, parity, exact=False).faults
    assert len(faults) == 4, faults
    name = f"{FITS}: {SHAPE}"
    for part in (
        f"{name}-lr0.1-uniform, repeat 1, fold 1: trained again, it has other status;",
        f"{name}-lr0.1-uniform, repeat 1, fold 2: trained again, it has other epochs;",
        f"{name}-lr0.3-uniform, repeat 1, fold 1: trained again, it has other train_cost;",
        f"{name}-lr0.3-uniform, repeat 1, fold 2, inner fold 2: trained again, it has other prob",
    ):
        assert any(fault.startswith(part) for fault in faults), (part, faults)


def test_training_that_is_stopped_leaves_a_doubt(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(remaking, "LIMIT", 0.01)
    fits_here(tmp_path)
    drawn = sound_fits.draw(files_here(), tmp_path, share=1, seed=1)
    number, findings = trained_again(drawn, tmp_path)
    assert number == 0
    assert findings.doubtful == [
        f"{file}: {number} fits were not trained (it took more than 0 seconds)"
        for file, number in (("results/ex4/fits/logistic.parquet", 2), (FITS, 12))
    ]


@pytest.mark.parametrize(("share", "number"), [(1e-9, 1), (0.05, 1), (0.2, 3), (0.5, 7), (1, 14)])
def test_a_share_of_the_fits_is_drawn_but_one_at_least(folder, tmp_path, share, number):
    fits_here(tmp_path)
    places = [each.file for each in files_here()]
    before = [pq.read_table(tmp_path / file).to_pylist() for file in places]
    drawn = sound_fits.draw(files_here(), tmp_path, share=share, seed=3)
    taken = {str(each.file): fits for each, fits in drawn}
    assert sum(map(len, taken.values())) == number
    for file, rows in zip(places, before, strict=True):
        left = pq.read_table(tmp_path / file).to_pylist()
        own = taken.get(str(file), [])
        assert [row for row in rows if row not in own] == left
        assert [row for row in rows if row not in left] == own


def test_each_fit_has_the_same_chance_which_the_seed_decides(folder, tmp_path, monkeypatch):
    fits_here(tmp_path)
    files = files_here()
    monkeypatch.setattr(pq, "write_table", lambda *_: None)  # which would take out what is drawn

    def drawn(seed):
        fits = sound_fits.draw(files, tmp_path, share=0.2, seed=seed)
        return [fit["fingerprint"] for _, fits in fits for fit in fits]

    assert drawn(1) == drawn(1)
    counts = Counter(key for seed in range(140) for key in drawn(seed))
    assert len(counts) == 14
    assert 12 <= min(counts.values()) <= max(counts.values()) <= 52  # 30 expected, give or take 4.9


def test_drawn_fits_are_trained_again_by_the_workflow_and_no_others(
    folder, again, offline, tmp_path
):
    shutil.copytree(again, tmp_path / "again")
    whole = {each.file: (again / each.file).read_bytes() for each in files_here()}
    drawn = sound_fits.draw(files_here(), tmp_path / "again", share=0.3, seed=2)
    assert [len(fits) for _, fits in drawn] == [1, 4]
    with warm_python(offline):
        number, findings = trained_again(drawn, tmp_path / "again")
    assert (number, findings.faults, findings.doubtful) == (5, [], [])
    one, other = (each.file for each, _ in drawn)
    assert findings.done == [
        f"{one}: 1 fit, the same to the last bit",
        f"{other}: 4 fits, the same to the last bit",
    ]
    for each in files_here():
        one, other = (pq.read_table(f / each.file).to_pylist() for f in (again, tmp_path / "again"))
        changed = [a["fingerprint"] for a, b in zip(one, other, strict=True) if a != b]
        own = {str(e.file): [f["fingerprint"] for f in fits] for e, fits in drawn}
        assert set(changed) <= set(own.get(str(each.file), []))
    assert whole == {each.file: (again / each.file).read_bytes() for each in files_here()}


# An archive is what anyone may have made


def graph_of(**changes):
    """Return metadata that say what an archive needs."""
    main = {"@id": "code/Snakefile", "sha256": "", "contentSize": "0"}
    run = {"@id": "#run", "endTime": "now"}
    return json.dumps({"@graph": [main, run], **changes}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe", b"[" * 100_000, b'{"@graph": NaN}', b'{"@graph": 1%s}' % (b"0" * 5000),
        b"1e999999", graph_of(**{"@graph": {}}), graph_of(**{"@graph": [["@id"]]}),
        graph_of(**{"@graph": [{"@id": 7}]}), graph_of(**{"@graph": [{"@id": None}]}),
        graph_of(**{"@graph": [{"@id": "code/Snakefile"}, {"@id": "#run"}]}),
    ],
)  # fmt: skip
def test_what_are_no_metadata_are_refused(tmp_path, monkeypatch, content):
    monkeypatch.chdir(tmp_path)
    Path(METADATA).write_bytes(content)
    with pytest.raises(BackpropError, match=f"^{METADATA}: .* not the metadata of an archive"):
        read_metadata()


@pytest.mark.parametrize("value", ["\ud800", "\u202e\x1b[2J\n", {"a": [1]}, None, "x" * 100_000])
def test_what_metadata_say_of_their_time_is_printed_as_plain_text(tmp_path, capsys, value):
    run = {"@id": "#run", "endTime": value}
    content = graph_of(**{"@graph": [{"@id": "code/Snakefile", "version": value}, run]})
    file = packed(tmp_path, (METADATA, content), ("config.yaml", b"{}"))
    assert len(faults_of(verifying.verify(file, share=0, seed=1, cores="1"))) > 1
    printed = capsys.readouterr()
    assert all(line.isprintable() and len(line) < 300 for line in printed.out.splitlines())
    assert all(line.isprintable() and len(line) < 300 for line in printed.err.splitlines())


def test_metadata_that_are_too_large_are_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(crate, "MAX_DESCRIPTION", 9)
    with pytest.raises(BackpropError, match=f"{METADATA}: larger than 9 bytes"):
        verifying.verify(packed(tmp_path, (METADATA, b" " * 10)), share=0, seed=1, cores="1")


CONFIGS = {
    "a program": "seed: !!python/object/apply:os.system ['touch ran']",
    "code of Snakemake": "__definitions__: [import os; os.mkdir('ran')]",
    "a name that leads elsewhere": "datasets: {'../../ran': {source: bundled}}",
    "a name with wildcards": "datasets: {'{dataset}': {source: bundled}}",
    "another class": "models: [x]\nestimators: {x: {class: subprocess.Popen}}",
    "not a number": "seed: .nan",
    "endless": f"training: {{epochs: {10**30}}}",
}


@pytest.mark.parametrize("name", CONFIGS)
def test_a_hostile_config_is_refused_in_one_message(folder, tmp_path, name):
    Path("config.yaml").write_text(CONFIGS[name])
    list_again()
    with pytest.raises(BackpropError, match=r"^config\.yaml") as refused:
        level_1()
    assert len(str(refused.value)) < 1000
    assert not list(tmp_path.rglob("ran"))


@pytest.mark.parametrize(
    "content",
    [
        "[" * 100_000, "{}", "[]", '{"packages": []}', "\x00", "{",
        '{"python": 1%s}' % ("0" * 5000),
        '{"packages": {"numpy": "1"}, "python": ["3"], "platform": 1}',
    ],
)  # fmt: skip
def test_a_provenance_without_an_environment_is_refused(folder, content):
    Path("results/ex4/provenance.json").write_text(content)
    with pytest.raises(BackpropError, match=r"provenance.json: names no environment"):
        verifying._environment(plan_here())


@pytest.mark.parametrize(
    "name",
    [
        "{dataset}", "%s%n", "$HOME", "-rf", "a\nb", "\u202eb", "a b'\"", "`touch ran`", "\udcff",
        "a" * 240,
    ],
)  # fmt: skip
def test_an_archive_may_have_any_name(tmp_path, name, capsys):
    (tmp_path / "made/results").mkdir(parents=True)
    (tmp_path / "made/results/report.html").write_text("ours")
    archive = tmp_path / f"{name}.zip"
    archive.write_bytes(zipped({METADATA: b"{}"}))
    left = remaking.leave(tmp_path / "made", archive)
    assert (left / "report.html").read_text() == "ours"
    if left.parent != tmp_path:
        shutil.rmtree(left)
    with pytest.raises(SystemExit) as ended:
        verifying.main([str(archive)])
    assert str(ended.value.code).isprintable()
    assert not list(tmp_path.rglob("ran"))


def fits_of(**changes):
    """Return the table of fits with other columns: a type, or a function of the old values."""
    table = pq.read_table(FITS)
    for name, value in changes.items():
        place = table.schema.get_field_index(name)
        column = value(table[name]) if callable(value) else table[name].cast(value)
        table = table.set_column(place, name, column)
    return table


def nulls(column):
    return pa.nulls(len(column), column.type)


FORGED = {
    "a type": lambda: fits_of(epochs=pa.int32()),
    "numbers of another size": lambda: fits_of(probabilities=pa.list_(pa.float32())),
    "long texts": lambda: fits_of(status=pa.large_string()),
    "codes": lambda: fits_of(status=pa.dictionary(pa.int32(), pa.string())),
    "no rows": lambda: fits_of().slice(0, 0),
    "a column more": lambda: fits_of().append_column("secret", pa.nulls(14 - 2)),
    "a column less": lambda: fits_of().drop_columns("checksum"),
    "a column twice": lambda: fits_of().append_column("status", pa.nulls(14 - 2)),
    "another order": lambda: fits_of().select(stored_fits.SCHEMA.names[::-1]),
    "no weights": lambda: fits_of(parameters=nulls),
    "no rows of a fit": lambda: fits_of(rows=nulls),
    "no names": lambda: fits_of(configuration=nulls),
    "no probabilities": lambda: fits_of(probabilities=nulls),
}


@pytest.mark.parametrize("name", FORGED)
def test_another_table_in_the_place_of_fits_is_refused(folder, name):
    tables = [FORGED[name]()]
    if tables[0].schema.equals(stored_fits.SCHEMA):  # others can have no checksums
        tables.append(stored_fits._with_checksums(tables[0]))
    for table in tables:
        pq.write_table(table, FITS)
        faults = level_2_of_fits()
        assert faults
        assert all(fault.startswith(f"{FITS}: ") and len(fault) < 1000 for fault in faults)


def test_a_class_that_a_table_of_fits_names_is_not_loaded(folder):
    """Arrow has loaded pickled types of its files."""
    storage = pa.field("status", pa.string(), metadata={
        "ARROW:extension:name": "arrow.py_extension_type",
        "ARROW:extension:metadata": b"cbuiltins\nexec\n(S'open(\"ran\", \"w\")'\ntR.",
    })  # fmt: skip
    place = stored_fits.SCHEMA.get_field_index("status")
    rows = pq.read_table(FITS).to_pylist()
    pq.write_table(pa.Table.from_pylist(rows, stored_fits.SCHEMA.set(place, storage)), FITS)
    level_2_of_fits()
    assert not Path("ran").exists()


def test_one_text_for_many_rows_is_refused_before_it_is_repeated(folder):
    """A column has its texts once, in a dictionary, and is read with a copy for each row."""
    rows = pq.read_table(FITS).take([0] * 1500)
    codes, texts = pa.array([0] * len(rows), pa.int32()), pa.array(["x" * 1_000_000])
    place = stored_fits.SCHEMA.get_field_index("reason")
    repeated = rows.set_column(place, "reason", pa.DictionaryArray.from_arrays(codes, texts))
    pq.write_table(repeated, FITS, store_schema=False)
    assert pq.read_schema(FITS).equals(stored_fits.SCHEMA)
    assert Path(FITS).stat().st_size < 1_000_000
    assert refused(700_000_000, "_bounded_table(file, 1_000_000_000)").startswith("refused ")


@pytest.mark.parametrize(
    "content",
    [
        "[]", "{}", '{"classes": ["0", "0"], "categories": {}, "groups": null}',
        '{"classes": [0, 1], "categories": {}, "groups": null}',
        '{"classes": ["0", "1"], "categories": {"exam_1": [7]}, "groups": null}',
        '{"classes": ["0", "1"], "categories": {}, "groups": [1e400]}',
        '{"classes": ["0", "1"], "categories": {}, "groups": [0]}',
        '{"classes": ["0", "1"], "categories": {}, "groups": null, "order": ["NaN"]}',
        '{"classes": ["0", "1", "2"], "categories": {}, "groups": null}',
        '{"classes": ["0", "1"], "categories": {}, "groups": null, "remarks": ["<script>"]}',
        "[" * 100_000,
    ],
)  # fmt: skip
def test_other_columns_of_the_data_are_refused_or_named(folder, tmp_path, content):
    columns = "results/ex4/data/columns.json"
    Path(columns).write_text(content)
    try:
        remaking.bring_data(config_here(), plan_here(), tmp_path)
    except Exception:  # which `make verify` words
        return
    assert compared(tmp_path, [columns]).faults or level_2_of_fits()


@pytest.mark.parametrize("answers", ["/proc/self/mem", "../../../../etc/hostname", "/dev/zero"])
def test_no_file_outside_of_the_clone_is_compared_with_known_answers(folder, answers):
    Path("known_answers").mkdir(exist_ok=True)
    Path("known_answers/ex4.yaml").write_text("")
    findings = unproven({"source": "bundled", "known_answers": answers})
    assert findings.faults == []
    assert (
        f"known_answers/ex4.yaml: used as it is; this clone has no {answers}" in findings.unchecked
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([""], "ARCHIVE: missing; use a file that `make archive` wrote"),
        (["none.zip"], "none.zip: no such file"),
        (["text.zip"], "text.zip: cannot be unpacked"),
        (["empty.zip"], f"{METADATA}: missing, or not the metadata"),
        (["other.zip"], f"{METADATA}: missing, or not the metadata"),
        (["other.zip", "--share=soon"], "SHARE: found 'soon'; use a number from 0 to 1"),
        (["other.zip", "--share=5"], "SHARE: found '5'; use a number from 0 to 1"),
        (["other.zip", "--share=nan"], "SHARE: found 'nan'; use a number from 0 to 1"),
        (["other.zip", "--seed=-1"], "SEED: found '-1'; use a number from 0 to 1,000,000"),
    ],
)
def test_what_is_no_archive_is_refused_in_one_message(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    Path("text.zip").write_text("text")
    shutil.move(packed(tmp_path), "empty.zip")
    shutil.move(packed(tmp_path, (METADATA, b'{"@graph": [1]}')), "other.zip")
    with pytest.raises(SystemExit) as caught:
        verifying.main(arguments)
    assert message in str(caught.value.code)
    assert str(caught.value.code).startswith("error: ")
    assert Path.cwd() == tmp_path
