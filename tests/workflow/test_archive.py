"""An archive of a small run is sound; whatever is altered in it is found and named."""

import base64
import copy
import json
import os
import re
import shutil
import stat
import zipfile
from contextlib import chdir
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from project import ROOT, SMALL, Project

from backprop.errors import BackpropError
from backprop.files import digest
from backprop.study import fits as stored_fits
from backprop.workflow.archive import contents, packing, remaking, training, unpacking, verifying
from backprop.workflow.archive import report as report_module
from backprop.workflow.archive.contents import METADATA, code_files, runnable
from backprop.workflow.archive.description import Listed
from backprop.workflow.archive.listing import check_digests
from backprop.workflow.archive.weights import check_fits, fit_files
from backprop.workflow.plan import Plan

CONFIG = copy.deepcopy(SMALL)
CONFIG["validation"] = {"folds": 2, "repeats": 1, "inner_folds": 2}
CONFIG["vary"] = {"learning_rate": [0.3]}
CONFIG["models"] = ["logistic", "scratch", "tree"]
CONFIG["estimators"] = {"tree": {"class": "sklearn.tree.DecisionTreeClassifier"}}
SHAPE = "h3-sigmoid-squared_error"
FITS = f"results/ex4/fits/scratch/{SHAPE}.parquet"
DATA, FOLDS = "results/ex4/data/dataset.csv", "results/ex4/data/folds.csv"
TABLE, PICTURE = "results/ex4/tables/comparison.csv", "results/ex4/plots/roc.svg"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = Project(tmp_path_factory.mktemp("run") / "project", CONFIG)
    project.run()
    project.run("--report", "results/report.html")
    return project


@pytest.fixture(scope="module")
def archive(project):
    output = project.folder.parent / "run.zip"
    packing.pack(project.folder, output)
    return output


@pytest.fixture
def folder(archive, tmp_path, monkeypatch):
    """The unpacked archive, which is also the working directory."""
    folder = tmp_path / "unpacked"
    folder.mkdir()
    unpacking.unpack(archive, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="module")
def again(archive, tmp_path_factory):
    """What level 2 makes again of the untouched archive."""
    folder, again = tmp_path_factory.mktemp("unpacked"), tmp_path_factory.mktemp("again")
    unpacking.unpack(archive, folder)
    with chdir(folder), pytest.MonkeyPatch.context() as patch:
        refuse_connections(patch, tmp_path_factory.mktemp("offline"))
        assert remaking.make_again(plan_here(), config_here(), again, "1") == ""
    return again


def refuse_connections(patch, folder):
    """Let each Python that is started refuse to connect to anything."""
    (folder / "sitecustomize.py").write_text(
        "import socket\ndef refuse(*_):\n    raise SystemExit('a connection')\n"
        "socket.socket.connect = socket.socket.connect_ex = refuse\n"
    )
    patch.setenv("PYTHONPATH", str(folder))


def config_here():
    return verifying.read_config()


def plan_here():
    return Plan(runnable(config_here()), ROOT)


def level_1():
    return check_digests(Listed(Path(METADATA).read_bytes()), plan_here()).faults


def files_here():
    return list(fit_files(plan_here(), ["ex4"]))


def fits_here():
    plan = plan_here()
    versions, exact = verifying._environment(plan)
    assert exact
    return check_fits(files_here(), plan, versions)


def level_2_of_fits():
    return fits_here().faults


def level_2(again, *, exact=True):
    return remaking.compare(plan_here(), config_here(), again, exact=exact).faults


def level_3(*, exact=True):
    files = [each for each in files_here() if str(each.file) == FITS]
    findings, trained = training.train_again(files, plan_here(), exact=exact, seconds=60)
    assert trained == files
    return findings.faults


def change(name, old, new):
    text = Path(name).read_text(encoding="utf-8")
    assert old in text
    Path(name).write_text(text.replace(old, new, 1), encoding="utf-8")


def change_rows(change, *, sealed=True):
    """Change the fits of a file, by a function that gets its rows, and write their checksums."""
    rows = pq.read_table(FITS).to_pylist()
    change(rows)
    changed = pa.Table.from_pylist(rows, stored_fits.SCHEMA)
    pq.write_table(stored_fits._with_checksums(changed) if sealed else changed, FITS)


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
    """Write an archive of the files in a folder."""
    with zipfile.ZipFile(output, "w") as opened:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                opened.write(path, path.relative_to(folder))
    return output


def list_again():
    """Write the digests of all files again, as a forger would."""
    metadata = json.loads(Path(METADATA).read_text())
    for entity in metadata["@graph"]:
        if "sha256" in entity and Path(entity["@id"]).is_file():
            entity["sha256"] = digest(Path(entity["@id"]))
            entity["contentSize"] = str(Path(entity["@id"]).stat().st_size)
    Path(METADATA).write_text(json.dumps(metadata))


# An archive as it was written


def test_an_untouched_archive_is_verified_at_all_levels(archive, capsys):
    assert verifying.verify(archive, minutes=5, seed=7, cores="1") == (0, "")
    out = capsys.readouterr().out
    assert "every bit must be the same" in out
    assert len(re.findall(r"^  proves: ", out, re.MULTILINE)) == 3
    assert re.search(r"level 1, digests: .*\n  (\d+) files have the digests", out)
    # Logistic regression and the tree have 1 configuration and 2 splits; scratch has 2, with 4
    # inner ones.
    assert "  16 fits are of these data, folds, config, code and versions" in out
    assert "  6 fits have weights that predict their probabilities, to within " in out
    assert f"{FITS}: 12 fits in " in out
    assert out.count(", the same to the last bit") == 3
    assert "16 of 16 fits were trained again" in out
    assert "4 of 4 configurations were trained again" in out
    assert "with a chance of 100% or more" in out
    assert "SEED=7 chose them" in out
    assert "not checked: the probabilities of 2 fits of scikit-learn, without weights" in out


def test_what_was_not_done_proves_nothing(archive, capsys, monkeypatch):
    monkeypatch.setattr(verifying, "make_again", lambda *_: "")
    monkeypatch.setattr(verifying, "compare", lambda *_, **__: contents.Findings())
    verifying.verify(archive, minutes=0, seed=7, cores="1")
    out = capsys.readouterr().out
    assert "0 of 16 fits were trained again" in out
    assert f"not checked: {FITS}: takes about " in out
    assert len(re.findall(r"^  proves: ", out, re.MULTILINE)) == 2


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


PEOPLE = [f"Person {chr(65 + row // 26)}{chr(65 + row % 26)}" for row in range(60)]


@pytest.fixture(scope="module")
def private(tmp_path_factory):
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
        "people": {"source": str(folder / "people.csv"), "label": "ill", "groups": "name"},
        "iris": {"source": "iris"},
    }
    config["archive"] = {"data": False}
    project = Project(folder / "project", config)
    project.run()
    project.run("--report", "results/report.html")
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
    cells = [row.split(",")[1] for row in (archive.parent / "people.csv").read_text().split()[1:]]
    report = (private.folder / "results/report.html").read_bytes()
    private.write("whole.zip", "")
    assert all(name.encode() not in packed for name in PEOPLE)
    with zipfile.ZipFile(tmp_path / "report.zip", "w") as opened:
        opened.writestr("report", report)
    shown = contents_of(tmp_path / "report.zip")
    values = [cell for cell in cells if "." in cell]
    assert len(values) > 50
    assert any(value.encode() in shown for value in values)
    assert all(value.encode() not in packed for value in values)
    with zipfile.ZipFile(archive) as opened:
        listed = Listed(opened.read(METADATA))
    lost = "results/people/data/dataset.csv"
    assert listed.absent[lost] == digest(private.folder / lost)
    with pytest.raises(SystemExit) as ended:
        verifying.main([str(archive), "--minutes=0", "--cores=1"])
    printed = capsys.readouterr()
    assert ended.value.code == 2, printed.err
    assert printed.err == "verified: level 1 only of people\n"
    assert "levels 2 and 3: without people, whose rows are not in it" in printed.out
    assert "2 fits are of these data" not in printed.out


def test_an_archive_has_no_path_of_its_sender(private):
    packed = contents_of(private.folder.parent / "private.zip")
    assert b"people.csv" in packed
    for folder in {str(private.folder.parent), str(ROOT)}:
        assert folder.encode() not in packed
    assert str(private.folder.parent) not in private.read("results/people/provenance.json")


def test_results_that_are_not_as_a_job_left_them_are_not_archived(project, tmp_path):
    edited = project.copy(tmp_path / "project")
    edited.write(TABLE, edited.read(TABLE) + "\n")
    with pytest.raises(BackpropError, match=f"{TABLE}: it is not what a finished job left there"):
        packing.pack(edited.folder, tmp_path / "a.zip")
    (edited.folder / TABLE).unlink()
    with pytest.raises(BackpropError, match=f"{TABLE}: no such file; `make run` makes it"):
        packing.pack(edited.folder, tmp_path / "a.zip")
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(BackpropError, match="is there, and is no archive"):
        packing.pack(project.folder, tmp_path / "mine.txt")
    assert (tmp_path / "mine.txt").read_text() == "mine"


# Level 1: what is altered, and its digest is not


@pytest.mark.parametrize("name", [FITS, DATA, FOLDS, TABLE, PICTURE, "results/report.html"])
def test_an_altered_file_is_named(folder, name):
    content = bytearray(Path(name).read_bytes())
    content[len(content) // 2] ^= 1
    Path(name).write_bytes(content)
    faults = level_1()
    assert f"{name}: altered; its digest is not the one in {METADATA}" in faults
    assert {fault.split(":")[0] for fault in faults} == {name}


def test_an_altered_digest_a_missing_and_an_added_file_are_named(folder):
    change(METADATA, digest(Path(TABLE)), "0" * 64)
    Path(PICTURE).unlink()
    Path("results/more.csv").touch()
    assert [fault.split(":")[0] for fault in level_1()] == [PICTURE, TABLE, "results/more.csv"]


def test_a_record_of_a_job_tells_an_altered_file_whose_digest_was_written_again(folder):
    change(TABLE, "0.", "1.")
    list_again()
    faults = level_1()
    assert any(
        f.startswith(f"{TABLE}: not the file that the job write_tables made") for f in faults
    )
    assert any(f.startswith(f"{TABLE}: not the file that results/ex4/provenance") for f in faults)


def test_other_code_is_named_and_never_run(folder, archive, tmp_path, capsys):
    file = Path("code/src/backprop/study/metrics.py")
    file.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    list_again()
    (fault,) = level_1()
    assert fault.startswith(f"{file}: not as in this clone")
    altered = tmp_path / "altered.zip"
    with zipfile.ZipFile(altered, "w") as opened:
        for path in folder.rglob("*"):
            if path.is_file():
                opened.write(path, path.relative_to(folder))
    assert verifying.verify(altered, minutes=1, seed=1, cores="1") == 1
    printed = capsys.readouterr()
    assert "levels 2 and 3: left out" in printed.out
    assert printed.err == f"error: {fault}\n"
    assert not (tmp_path / "ran").exists()


# Level 2: what is altered together with all its digests


def test_the_fits_of_an_untouched_archive_are_sound(folder):
    assert level_2_of_fits() == []


@pytest.mark.parametrize("column", ["probabilities", "parameters"])
def test_an_altered_probability_or_weight_is_named(folder, column):
    change_fit(1, column)
    (fault,) = level_2_of_fits()
    name = f"{FITS}: {SHAPE}-lr0.1-uniform, repeat 1, fold 2"
    assert fault.startswith(f"{name}: its weights and its probabilities do not belong together")


def test_a_fit_whose_checksum_is_not_its_own_is_named(folder):
    change_fit(0, "train_cost", sealed=False)
    (fault,) = level_2_of_fits()
    assert fault.startswith(f"{FITS}: {SHAPE}-lr0.1-uniform, repeat 1, fold 1: altered, or not ")


def test_an_altered_label_is_named(folder, again):
    lines = Path(DATA).read_text().splitlines()
    lines[1] = lines[1][:-1] + ("0" if lines[1][-1] == "1" else "1")
    Path(DATA).write_text("\n".join(lines) + "\n")
    plan = plan_here()
    assert any("altered, or not trained on these data" in fault for fault in level_2_of_fits())
    bundled = copy.deepcopy(config_here())
    bundled["datasets"]["ex4"] |= {"source": "bundled"}
    plan = Plan(runnable(bundled), ROOT)
    with pytest.raises(BackpropError, match=f"{DATA}: line 2: .* in place of"):
        remaking.bring_data(plan, {})


def test_an_altered_fold_is_named(folder, again):
    lines = Path(FOLDS).read_text().splitlines()
    row, repeat, fold = lines[1].split(",")
    lines[1] = f"{row},{repeat},{3 - int(fold)}"
    Path(FOLDS).write_text("\n".join(lines) + "\n")
    other = f"row 1, fold: altered; found '{3 - int(fold)}', made again '{fold}'"
    assert f"{FOLDS}: {other}" in level_2(again)
    assert any("altered, or not trained on these data" in fault for fault in level_2_of_fits())


def test_an_untouched_archive_is_made_again(folder, again):
    assert level_2(again) == []


def test_an_altered_cell_a_sentence_and_a_picture_are_named(folder, again):
    _, first, *_ = Path(TABLE).read_text().splitlines()
    sentence = next(cell for cell in re.findall(r'"([^"]+)"|([^,]+)', first)[-1] if cell)
    number = re.search(r"0\.\d+", first)[0]
    change(TABLE, number, f"{number}1")
    change("results/summary.rst", "logistic", "linear")
    change("results/ex4/tables/comparison.html", sentence[:20], "Use the network, always")
    change(PICTURE, "<path", "<path ")
    faults = level_2(again)
    assert [f.split(":")[0] for f in faults if "report.html" not in f] == [
        "results/summary.rst", "results/ex4/tables/comparison.html", TABLE, PICTURE,
    ]  # fmt: skip
    (cell,) = (fault for fault in faults if fault.startswith(TABLE))
    assert re.match(
        rf"{TABLE}: row 1, \w+: altered; found '{number}1', made again '{number}'", cell
    )
    assert f"results/report.html: altered; its {PICTURE} is not that file" in faults


def test_an_altered_report_is_named(folder, again):
    text = Path("results/report.html").read_text()
    uri = re.search(r"data:text/html[^\"]*base64,([A-Za-z0-9+/=]+)", text)[1]
    Path("results/report.html").write_text(text.replace(uri, uri[:400] + "AAAA" + uri[404:], 1))
    (fault,) = level_2(again)
    assert fault.startswith("results/report.html: altered; its results/ex4/")


def test_an_altered_provenance_is_named(folder, again):
    change("results/ex4/provenance.json", '"seed": 1', '"seed": 2')
    assert level_2(again) == [
        "results/ex4/provenance.json: seed: altered",
        "results/ex4/provenance.html: altered; it does not say what provenance.json says",
    ]


def test_in_another_environment_numbers_may_differ_by_rounding_and_texts_may_not():
    here, there = b"a,b\n0.1,x\n", b"a,b\n0.10000000000000002,x\n"
    assert remaking.differing_cells(here, there, exact=False) == []
    assert len(remaking.differing_cells(here, there, exact=True)) == 1
    assert len(remaking.differing_cells(here, b"a,b\n0.1,y\n", exact=False)) == 1
    assert len(remaking.differing_cells(here, b"a,b\n0.1001,x\n", exact=False)) == 1
    assert "it is no CSV" in remaking.differing_cells(b"\xff", there, exact=False)[0]


# Level 3: what is altered so that all else follows from it


def test_a_fit_with_the_weights_of_another_training_is_named(folder):
    assert level_3() == []
    rows = pq.read_table(FITS)["configuration"].to_pylist()
    of_other = rows.index(f"{SHAPE}-lr0.3-uniform")
    change_fit(0, "probabilities", "parameters", by=of_other)
    assert level_2_of_fits() == []  # it predicts what it says
    (fault,) = level_3()
    assert fault.startswith(
        f"{FITS}: {SHAPE}-lr0.1-uniform, repeat 1, fold 1: trained again, it has other "
        "probabilities, parameters"
    )


def test_the_rule_of_parity_accepts_rounding_only(folder):
    plan = plan_here()
    (each,) = (each for each in fit_files(plan) if str(each.file) == FITS)

    def faults():
        return training.train_again([each], plan, exact=False, seconds=60)[0].faults

    table = pq.read_table(FITS).to_pylist()
    table[0]["probabilities"][0] += 1e-14
    pq.write_table(pa.Table.from_pylist(table, stored_fits.SCHEMA), FITS)
    assert faults() == []
    table[0]["probabilities"][0] += 1e-4
    pq.write_table(pa.Table.from_pylist(table, stored_fits.SCHEMA), FITS)
    (fault,) = faults()
    assert fault.startswith(f"{FITS}: {SHAPE}-lr0.1-uniform: trained again, a probability differs")


def test_files_are_drawn_by_the_seed_within_the_time(folder):
    files = list(fit_files(plan_here()))
    assert training.choose(files, 1, 0) == []
    assert sorted(each.model for each in training.choose(files, 1, 1e6)) == ["logistic", "scratch"]
    one = 1.5 * training.START
    drawn = {training.choose(files, seed, one)[0].model for seed in range(20)}
    assert drawn == {"logistic", "scratch"}
    assert training.choose(files, 3, one) == training.choose(files, 3, one)
    scratch = [each for each in files if each.model == "scratch"]
    assert training.chance(files, scratch) == (12, 14, 2, 3)


# An archive is what anyone may have made


def packed(tmp_path, *entries):
    file = tmp_path / "bad.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        for entry, content in entries:
            opened.writestr(entry, content)
    return file


def linked(name):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        ([("../out", "x")], "its path leads out of the archive"),
        ([("/tmp/out", "x")], "its path leads out of the archive"),
        ([("a\\..\\out", "x")], "its path leads out of the archive"),
        ([("a//b", "x")], "its path is not plain"),
        ([("a\x1b[2J", "x")], "its path is not plain"),
        ([(linked("link"), "/etc")], "it is a link or a device, no file"),
        ([("a", "x"), ("a", "y")], "it is there twice"),
        ([("a", "x"), ("a/b", "y")], "cannot be unpacked"),
    ],
)
def test_an_entry_that_leads_elsewhere_is_refused(tmp_path, entries, fault):
    target = tmp_path / "target"
    target.mkdir()
    with pytest.raises(BackpropError, match=fault) as caught:
        unpacking.unpack(packed(tmp_path, *entries), target)
    assert str(caught.value).isprintable()
    assert {path.name for path in tmp_path.iterdir()} == {"target", "bad.zip"}
    assert not any(path.is_symlink() for path in target.rglob("*"))


def test_what_grows_too_large_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "MAX_BYTES", 1_000)
    target = tmp_path / "target"
    target.mkdir()
    with pytest.raises(BackpropError, match="found 1 files of 100,000 bytes"):
        unpacking.unpack(packed(tmp_path, ("a", "0" * 100_000)), target)
    assert list(target.iterdir()) == []


def test_a_file_with_more_bytes_than_it_announces_is_cut_or_refused(tmp_path):
    file = packed(tmp_path, ("a", "0" * 100_000))
    content = file.read_bytes()
    size = (100_000).to_bytes(4, "little")
    assert content.count(size) == 2
    file.write_bytes(content.replace(size, (10).to_bytes(4, "little")))
    target = tmp_path / "target"
    target.mkdir()
    with pytest.raises(BackpropError, match="cannot be unpacked"):
        unpacking.unpack(file, target)
    assert all(path.stat().st_size <= 10 for path in target.iterdir())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([""], "ARCHIVE: missing; use a file that `make archive` wrote"),
        (["none.zip"], "none.zip: no such file"),
        (["text.zip"], "text.zip: cannot be unpacked"),
        (["empty.zip"], f"{METADATA}: missing in the archive"),
        (["other.zip"], f"{METADATA}: not the metadata of an archive"),
        (["other.zip", "--minutes=soon"], "MINUTES: found 'soon'; use a number, 0 or more"),
        (["other.zip", "--seed=-1"], "SEED: found '-1'; use a number, 0 or more"),
    ],
)
def test_what_is_no_archive_is_refused_in_one_message(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    Path("text.zip").write_text("text")
    shutil.move(packed(tmp_path), "empty.zip")
    shutil.move(packed(tmp_path, (METADATA, '{"@graph": [1]}')), "other.zip")
    with pytest.raises(SystemExit) as caught:
        verifying.main(arguments)
    assert message in str(caught.value.code)
    assert str(caught.value.code).startswith("error: ")
    assert Path.cwd() == tmp_path


def test_only_what_decides_a_result_counts_as_code():
    names = code_files(ROOT)
    assert {"Snakefile", "requirements/run.txt", "src/backprop/study/metrics.py"} <= set(names)
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]
    assert not [name for name in names if name.startswith((f"resources{os.sep}", "results"))]
