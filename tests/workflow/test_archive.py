"""An archive is verified by a run of its inputs: every lie in a table is named, none is shown."""

import copy
import io
import json
import os
import re
import shutil
import socket
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import warm
import yaml
from project import SMALL, Project
from sklearn.metrics import roc_auc_score
from typed import typed

from backprop.errors import BackpropError
from backprop.files import digest_of_bytes
from backprop.report.contents import FIGURES
from backprop.study.cross_validation import draw_folds
from backprop.workflow import calling
from backprop.workflow.archive import packing, verifying
from backprop.workflow.archive.form import CLAIMS, CONFIG, Claims, check_digests, read_zip, zipped
from backprop.workflow.archive.verifying import compare, differences, inputs_of

FIGURE = "roc"
NETWORK = "h3-sigmoid-squared_error-lr0.1-uniform"
TABLES, USES = "results/noise/tables/", "results/noise/data/uses_of_new_data.json"
GUARD = """import socket
def refuse(*_):
    raise SystemExit("a connection")
socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = refuse
socket.getaddrinfo = refuse
"""
LIE = "<script>document.body.textContent = 'Use the network, always'</script>"
PEOPLE = [f"Person {chr(65 + row // 26)}{chr(65 + row % 26)}" for row in range(60)]


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """Return a way to run a study in a clone with one figure, which then packs and verifies."""
    offline = tmp_path_factory.mktemp("offline")
    (offline / "sitecustomize.py").write_text(GUARD)
    whole = dict(FIGURES)
    with pytest.MonkeyPatch.context() as patch:

        def run(name, config):
            project = Project(tmp_path_factory.mktemp(name) / "project", config)
            project.keep_figures(FIGURE)
            (project.folder / "requirements").mkdir()
            project.write(packing.LOCK, "numpy==2.4.6\n")
            project.variables["PYTHONPATH"] = str(offline)
            return project

        folder = run("clone", SMALL).folder
        patch.setattr(packing, "ROOT", folder)
        patch.setattr(calling, "ROOT", folder)
        patch.setattr(sys, "executable", warm.server().python)
        patch.setenv("PYTHONPATH", os.pathsep.join([str(offline), str(folder / "src")]))
        for name in whole.keys() - {FIGURE}:
            del FIGURES[name]
        yield run
    FIGURES.clear()
    FIGURES.update(whole)


def noise(rows, seed):
    """Return a table of 30 features that say nothing, with names that nothing uses."""
    drawn = np.random.default_rng(seed)
    x, ill = drawn.normal(size=(rows, 30)), np.arange(rows) % 2
    table = pd.DataFrame(x, columns=[f"x{column}" for column in range(30)])
    return table.assign(name=PEOPLE[:rows], ill=ill)


@pytest.fixture(scope="module")
def project(clone, tmp_path_factory):
    """A study in which a regression separates its classes, with predictions and new data."""
    folder = tmp_path_factory.mktemp("tables")
    noise(40, 1).to_csv(folder / "noise.csv", index=False)
    noise(20, 2).to_csv(folder / "new.csv", index=False)
    config = copy.deepcopy(SMALL) | {"models": ["logistic", "scratch", "rules"], "vary": {}}
    config["predictions"] = {"rules": str(folder / "rules.csv")}
    config["datasets"] = {
        "noise": {
            "source": str(folder / "noise.csv"), "label": "ill", "exclude": ["name"],
            "test": str(folder / "new.csv"),
        }
    }  # fmt: skip
    ((folds,), y) = draw_folds(np.arange(40) % 2, folds=2, repeats=1, seed=1), np.arange(40) % 2
    lines = [f"{row + 1},1,{fold + 1},{y[row]}" for row, fold in enumerate(folds)]
    (folder / "rules.csv").write_text("\n".join(["row,repeat,fold,predicted", *lines]) + "\n")
    project = clone("noise", config)
    project.run()
    return project


@pytest.fixture(scope="module")
def archive(project):
    typed("archive", "--folder", project.folder, "--output", project.folder.parent / "run.zip")
    return project.folder.parent / "run.zip"


@pytest.fixture(scope="module")
def verified(archive, tmp_path_factory):
    """The folder of a run of the untouched archive, and what its reader saw."""
    folder = tmp_path_factory.mktemp("reader")
    shutil.copy(archive, folder)
    said = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verifying, "_say", said.append)
        assert verifying.verify(folder / "run.zip", table=None, cores="2") == 0
    (made,) = (each for each in folder.iterdir() if each.is_dir())
    return made, said


@pytest.fixture
def contents(archive):
    return read_zip(archive)


def sealed(contents, **claims):
    """Return a zip of files with their digests, as a forger would write it."""
    own = json.loads(contents[CLAIMS]) | claims
    files = {name: content for name, content in contents.items() if name != CLAIMS}
    own["files"] = {name: digest_of_bytes(content) for name, content in files.items()}
    return zipped({CLAIMS: json.dumps(own).encode(), **files})


@pytest.fixture
def verify(verified, tmp_path, capfd, monkeypatch):
    """Verify forged files by the run of the same inputs, and return what the reader sees."""

    def verify(contents, **claims):
        def snakemake(folder, *_):
            shutil.copytree(verified[0] / "results", folder / "results", dirs_exist_ok=True)
            return 0, ""

        monkeypatch.setattr(verifying, "call_snakemake", snakemake)
        monkeypatch.setattr(packing, "write_report", lambda _: None)
        (tmp_path / "sent.zip").write_bytes(sealed(contents, **claims))
        code = 0
        try:
            typed("verify", tmp_path / "sent.zip", "--cores=1")
        except SystemExit as ended:
            code = ended.code
        return code, *capfd.readouterr()

    return verify


def test_an_untouched_archive_is_run_again_and_is_the_same_to_the_bit(verified, archive, project):
    folder, said = verified
    took = json.loads(project.read("results/records/runs.json"))[0]["seconds"]
    assert json.loads(read_zip(archive)[CLAIMS])["seconds"] == took
    assert any("the time of the first run, as the archive says: " in line for line in said)
    assert any(re.fullmatch(r"\d+ tables compared to the bit, .* 0 differences", s) for s in said)
    assert said[-1] == f"your own report, from the inputs alone: {folder}/results/report.html"
    assert (folder / "results/report.html").is_file()
    log = next((folder / "results/noise/logs").glob("train_networks_1/scratch.log")).read_text()
    assert "2 fits: 0 kept, 0 dropped, 2 to train" in log


def test_an_archive_has_what_a_run_needs_and_no_path_or_unused_column_of_its_sender(
    contents, project
):
    config = yaml.safe_load(contents[CONFIG])
    (entry,) = config["datasets"].values()
    assert entry["source"] == "inputs/noise-source.parquet"
    assert entry["test"] == "inputs/noise-test.parquet"
    assert config["predictions"] == {"rules": {"noise": "inputs/noise-rules.csv"}}
    assert contents[packing.LOCK] == b"numpy==2.4.6\n"
    claims = check_digests(contents)
    assert claims.environment.keys() >= {"commit", "python", "platform", "processor", "numpy"}
    everything = b"\n".join(contents.values())
    assert str(project.folder.parent.parent).encode() not in everything
    assert b"Person A" not in everything


def test_a_probability_that_moves_an_auc_within_the_tolerance_of_parity_ends_in_a_failure(
    contents, verify
):
    """The lie: stored probabilities that ties decide, with tables and digests that agree."""
    file = "results/noise/fits/logistic.parquet"
    table = pq.read_table(io.BytesIO(contents[file]))
    rows, y = table.to_pylist(), np.arange(40) % 2
    scores = pd.read_csv(io.BytesIO(contents[f"{TABLES}fits.csv"]), dtype=str)
    own = scores.index[scores["model"] == "logistic"]
    for place, row in zip(own, rows, strict=True):
        of_fold, p = y[np.array(row["rows"]) - 1], np.array(row["probabilities"])
        true = float(scores["roc_auc"][place])
        assert roc_auc_score(of_fold, p) == pytest.approx(true)
        row["probabilities"] = (p + 9e-11 * np.where(of_fold, 1, -1)).tolist()
        forged = roc_auc_score(of_fold, row["probabilities"])
        assert forged > true + 0.01
        scores.loc[place, "roc_auc"] = repr(float(forged))
    target = io.BytesIO()
    pq.write_table(type(table).from_pylist(rows, table.schema), target)
    lie = {file: target.getvalue(), f"{TABLES}fits.csv": scores.to_csv(index=False).encode()}
    code, out, errors = verify(contents | lie)
    assert code == "error: 2 differ, see above; only your own report can be trusted"
    both = zip(own, scores["roc_auc"][own], strict=True)
    for line, (place, forged) in zip(errors.splitlines(), both, strict=True):
        start = f"error: {TABLES}fits.csv, row {place + 1}, roc_auc: {forged} there, 0."
        assert line.startswith(start)
    assert out.splitlines()[-1].startswith("your own report, from the inputs alone: ")
    # Another environment allows rounding, and not this.
    claims = {"environment": {"numpy": "1.0"}}
    code, out, _ = verify(contents | lie, **claims)
    assert code == "error: 2 differ, see above; only your own report can be trusted"
    assert "its environment has numpy 1.0, not 2." in out
    # Probabilities alone change nothing that is read.
    assert verify(contents | {file: lie[file]})[0] == 0


def test_nothing_of_the_sender_but_the_inputs_is_unpacked_or_shown(contents, verify, tmp_path):
    inputs = [name for name in contents if name.startswith("inputs/")]
    used = {*inputs, CLAIMS, CONFIG, USES, *(n for n in contents if n.startswith(TABLES))}
    lies = {name: LIE.encode() for name in contents.keys() - used}
    code, out, errors = verify(contents | lies | {"numpy.py": LIE.encode()})
    assert (code, errors) == (0, "")
    (made,) = (each for each in tmp_path.iterdir() if each.is_dir())
    written = {str(f.relative_to(made)) for f in made.rglob("*") if f.is_file()}
    assert {*inputs, CONFIG} == {n for n in written if not n.startswith("results/")}
    assert not any(LIE.encode() in (made / name).read_bytes() for name in written)
    assert LIE not in out
    table = f"{TABLES}comparison.csv"
    code, out, errors = verify(contents | {table: LIE.encode()})
    assert errors == f"error: {table}: it has other rows or columns there\n"
    code, out, errors = verify({n: c for n, c in contents.items() if n != table})
    assert errors == f"error: {table}: not a table of both\n"
    cell = contents[table].replace(b"logistic", b"\x1b[2J")
    code, out, errors = verify(contents | {table: cell})
    assert "\\x1b[2J there" in errors
    assert errors.replace("\n", "").isprintable()


def test_an_altered_missing_or_added_file_ends_before_anything_runs(contents, monkeypatch):
    monkeypatch.setattr(verifying, "call_snakemake", lambda *_: pytest.fail("it ran"))
    table = f"{TABLES}fits.csv"
    for forged in (
        contents | {table: contents[table] + b"\n"},
        {name: content for name, content in contents.items() if name != table},
    ):
        with pytest.raises(BackpropError, match=f"^'{table}': added, missing or altered"):
            check_digests(forged)
    with pytest.raises(BackpropError, match=r"^'more\.csv': added, missing or altered"):
        check_digests(contents | {"more.csv": b""})


@pytest.mark.parametrize(
    "content",
    [
        None, b"\xff\xfe", b"[" * 100_000, b"{}", b"[]", b'{"seconds": 1%s}' % (b"0" * 5000),
        b'{"seconds": NaN, "environment": {}, "files": {}}',
        b'{"seconds": -1, "environment": {}, "files": {}}',
        b'{"seconds": 1, "environment": {"numpy": ["1"]}, "files": {}}',
    ],
)  # fmt: skip
def test_what_are_no_claims_of_an_archive_are_refused(content):
    with pytest.raises(BackpropError, match=f"^{CLAIMS}: missing, or not what `backprop arch"):
        check_digests({} if content is None else {CLAIMS: content})


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.zip", "No such file or directory"),
        (
            "text.zip",
            "text.zip: not a zip of `backprop archive` (BadZipFile: File is not a z",
        ),
        ("old.zip", "of an earlier version: verify it in a clone of its commit, which is the `ver"),
    ],
)
def test_what_is_no_archive_of_this_version_is_refused(in_a_folder, name, message):
    Path("text.zip").write_text("text")
    Path("old.zip").write_bytes(zipped({"ro-crate-metadata.json": b"{}"}))
    with pytest.raises(SystemExit) as caught:
        typed("verify", name, "--cores=1")
    assert message in str(caught.value.code)
    assert str(caught.value.code).startswith("error: ")


# What the config of a sender may name


CONFIGS = {
    "a program": "seed: !!python/object/apply:os.system ['touch ran']",
    "code of Snakemake": "__definitions__: [import os; os.mkdir('ran')]",
    "a template": "__use_yte__: true",
    "a name that leads elsewhere": "datasets: {'../../ran': {source: bundled}}",
    "another class": "models: [x]\nestimators: {x: {class: subprocess.Popen}}",
    "no config": "",
}


@pytest.mark.parametrize("name", CONFIGS)
def test_a_hostile_config_is_refused_in_one_message(in_a_folder, contents, tmp_path, name):
    with pytest.raises(BackpropError, match=r"^config\.yaml") as refused:
        inputs_of(contents | {CONFIG: CONFIGS[name].encode()}, None)
    assert len(str(refused.value)) < 1000
    assert not list(tmp_path.rglob("ran"))


@pytest.mark.parametrize("key", ["source", "test", "known_answers", "predictions"])
@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd", "../../etc/passwd", "https://example.org/a.csv", "~/.ssh/id", "/dev/zero",
        "numpy.py", "inputs/../numpy.py", "inputs/none.csv", "config.yaml", "results/report.html",
    ],
)  # fmt: skip
def test_no_path_of_a_sender_is_read_fetched_or_written(contents, monkeypatch, tmp_path, key, path):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: pytest.fail("a connection"))
    config = yaml.safe_load(contents[CONFIG])
    config["datasets"]["noise"][key] = path
    if key == "predictions":
        del config["datasets"]["noise"][key]
        config["predictions"]["rules"] = path
    forged = contents | {CONFIG: yaml.safe_dump(config).encode(), "numpy.py": b"raise SystemExit"}
    with pytest.raises(BackpropError, match="--table: found nothing; the archive lacks "):
        inputs_of(forged, None)
    # What the reader names instead is a file of the reader.
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / Path(path).name).touch()
    files = inputs_of(forged, tmp_path / "mine")
    assert set(files) <= {
        CONFIG,
        *(n for n in contents if n.startswith("inputs/")),
        USES,
    }
    assert str(tmp_path / "mine" / Path(path).name).encode() in files[CONFIG]


# What is compared


A = b"""model,configuration,score,p_adjusted,verdict
logistic,default,0.5,0.1,
scratch,h3,2.0,0.2,x
"""


@pytest.mark.parametrize(
    ("old", "new", "exact", "chaotic", "said"),
    [
        (b"0.5", b"0.50000000000001", True, (), ["row 1, score: 0.50000000000001 there, 0.5 here"]),
        (b"0.5", b"0.5000000000999", False, (), []),
        (b"0.5", b"0.5000000001001", False, (), ["row 1, score: 0.5000000001001 there, 0.5 here"]),
        (b"2.0", b"2.0000000001999", False, (), []),
        (b"2.0", b"2.0000000002001", False, (), ["row 2, score: 2.0000000002001 there, 2.0 here"]),
        (b"0.5", b"nan", False, (), ["row 1, score: nan there, 0.5 here"]),
        (b",x", b",y", False, (), ["row 2, verdict: y there, x here"]),
        (b"2.0", b"3.0", False, ["h3"], []),
        (b"2.0", b"3.0", False, ["h4"], ["row 2, score: 3.0 there, 2.0 here"]),
        (b"0.5", b"0.6", False, ["h3"], ["row 1, score: 0.6 there, 0.5 here"]),
        (b"0.1", b"0.3", False, ["h3"], []),
        (b"configuration", b"subject", False, ["h3"], [": it has other rows or columns there"]),
        (b"0.5,", b"0.5,0.5,", True, (), [": it has other rows or columns there"]),
        (b"logistic,default,0.5,0.1,\n", b"", True, (), [": it has other rows or columns there"]),
        (b"logistic", b"\xff", True, (), [": it has other rows or columns there"]),
        (A, b"", True, (), [": it has other rows or columns there"]),
    ],
)  # fmt: skip
def test_a_cell_is_named_with_both_values_unless_it_may_differ(old, new, exact, chaotic, said):
    named = differences("t.csv", A.replace(old, new, 1), A, exact=exact, chaotic=chaotic)
    assert [line.removeprefix("t.csv").removeprefix(", ") for line in named] == said


def test_times_differ_and_rows_of_networks_without_a_configuration_follow_a_chaotic_one():
    table = b"model,other,value,seconds\nlogistic,softmax,1,2\nscratch,logistic,3,4\n"
    assert differences("t.csv", table.replace(b"4", b"9"), table, exact=True) == []
    lie = table.replace(b"3", b"5").replace(b"1", b"7")
    (said,) = differences("t.csv", lie, table, exact=False, chaotic=["h3"])
    assert said == "t.csv, row 1, value: 7 there, 1 here"
    more = table + b"scratch,softmax,1,1\n"
    assert differences("t.csv", more, table, exact=False, chaotic=["h3"]) == []


def test_an_infinite_number_here_is_near_to_no_other():
    theirs, ours = b"model,value\nscratch,3\n", b"model,value\nscratch,inf\n"
    said = differences("t.csv", theirs, ours, exact=False)
    assert said == ["t.csv, row 1, value: 3 there, inf here"]


def test_a_network_that_trains_chaotically_here_is_named_and_all_others_are_compared(
    contents, verified, tmp_path, capsys
):
    """By the table of the reader's run alone: what the archive says of chaos counts for nothing."""
    folder = shutil.copytree(verified[0], tmp_path / "run")
    name = f"{TABLES}fits.csv"
    scores = pd.read_csv(io.BytesIO(contents[name]), dtype=str)
    scores["accuracy"] = "0.25"
    environment = check_digests(contents).environment | {"commit": "another"}
    claims = Claims(seconds=None, environment=environment, files={})
    forged = contents | {name: scores.to_csv(index=False).encode()}
    parity = f"{TABLES}parity.csv"
    forged[parity] = contents[parity].replace(b",agrees,", b",chaotic,")
    assert len({line.split(",")[1] for line in compare(forged, claims, folder)}) >= 4
    assert "chaotic" not in capsys.readouterr().out
    own = folder / parity
    own.write_bytes(own.read_bytes().replace(b",agrees,", b",chaotic,"))
    said = compare(forged, claims, folder)
    named = f"noise: chaotic, so judged by their steps (docs/parity.md): {NETWORK}\n"
    assert named in capsys.readouterr().out
    rows = [int(re.search(r"row (\d+)", line)[1]) - 1 for line in said]
    assert {*scores["model"][rows]} == {"logistic", "rules"}


# Without the rows


@pytest.fixture(scope="module")
def private(clone, tmp_path_factory):
    """A study of groups with names, and known answers, whose archive is without the rows."""
    folder = tmp_path_factory.mktemp("private")
    x = np.random.default_rng(1).normal(size=(60, 2))
    table = pd.DataFrame(x, columns=["x", "z"]).assign(name=PEOPLE, ill=(x.sum(axis=1) > 0) * 1)
    table = table.assign(site=[name[-1] for name in PEOPLE])
    table.to_csv(folder / "people.csv", index=False)
    answers = [{"quantity": "correct", "expected": [60], "tolerance": 0, "source": "the rule"}]
    (folder / "known.yaml").write_text(yaml.safe_dump({"answers": answers}))
    config = copy.deepcopy(SMALL) | {"models": ["logistic"], "vary": {}}
    entry = {"source": str(folder / "people.csv"), "label": "ill", "groups": ["site", "name"]}
    config["datasets"] = {"people": entry | {"known_answers": str(folder / "known.yaml")}}
    config["archive"] = {"data": False}
    project = clone("people", config)
    project.run()
    typed("archive", "--folder", project.folder, "--output", folder / "private.zip")
    return folder


def test_an_archive_without_rows_has_none_and_asks_for_the_table(private, capsys):
    contents = read_zip(private / "private.zip")
    everything = b"\n".join(contents.values())
    cells = [
        cell for row in (private / "people.csv").read_text().split() for cell in row.split(",")
    ]
    assert not [cell for cell in cells if "." in cell and cell.encode() in everything]
    assert not [name for name in PEOPLE if name.encode() in everything]
    assert not {"results/report.html", "results/people/model/model.json"} & contents.keys()
    none = private / "none.csv"
    for options, shown in (((), "nothing"), (("--table", none), none)):
        with pytest.raises(SystemExit) as ended:
            typed("verify", private / "private.zip", *options, "--cores=1")
        assert ended.value.code == (
            f"error: --table: found {shown}; the archive lacks people.csv: use the path of this "
            "file, or a folder with all it lacks"
        )


def test_with_its_table_or_the_folder_of_it_an_archive_without_rows_is_verified(private, capfd):
    contents, file = read_zip(private / "private.zip"), private / "people.csv"
    assert inputs_of(contents, file) == inputs_of(contents, private)
    typed("verify", private / "private.zip", "--table", file, "--cores=2")
    assert "tables compared to the bit, but for times: 0 differences" in capfd.readouterr().out


def test_another_table_has_another_digest(private, tmp_path, capfd):
    first, second, *rows = (private / "people.csv").read_text().splitlines(keepends=True)
    (tmp_path / "other.csv").write_text("".join([first, *rows, second]))
    with pytest.raises(SystemExit, match=r"^error: the workflow fails on the inputs"):
        typed("verify", private / "private.zip", "--table", tmp_path / "other.csv")
    assert "the data are not the expected ones: found SHA-256" in capfd.readouterr().err


# What is packed


def test_code_that_is_in_no_commit_is_warned_of(archive, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(packing, "write_report", lambda _: None)
    monkeypatch.setattr(packing, "pack", lambda _, output: shutil.copy(archive, output) and 1)
    for commit, warning in (("a1-dirty", "has changes"), ("", "is no clone"), ("a1", "")):
        monkeypatch.setattr(packing, "commit_here", lambda commit=commit: commit)
        typed("archive", "--folder", ".", "--output", f"{tmp_path}/a.zip")
        printed = capsys.readouterr().err
        assert warning in printed
        assert bool(printed) == bool(warning)


def test_results_that_are_not_as_a_job_left_them_are_not_archived(project, tmp_path, monkeypatch):
    edited, table = project.copy(tmp_path / "project"), f"{TABLES}comparison.csv"
    edited.write(table, edited.read(table) + "\n")
    with pytest.raises(SystemExit, match=f"{table} must be made again: it is not what a finished"):
        typed("archive", "--folder", edited.folder, "--output", tmp_path / "a.zip")
    (edited.folder / table).unlink()
    monkeypatch.setattr(packing, "write_report", lambda _: None)
    with pytest.raises(SystemExit, match=f"^error: .*{table}"):
        typed("archive", "--folder", edited.folder, "--output", tmp_path / "a.zip")
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(BackpropError, match="is there, and is no archive"):
        packing.pack(project.folder, tmp_path / "mine.txt")
    assert (tmp_path / "mine.txt").read_text() == "mine"
    monkeypatch.undo()
    with pytest.raises(SystemExit, match=r"^error: .*runs\.json: found no record of a run; `back"):
        typed("archive", "--folder", tmp_path)
