"""What the command passes on to Snakemake, and what it says, with a stand-in for Snakemake."""

import json
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from project import ROOT
from typed import typed

from backprop.commands import studies
from backprop.commands.command_line import command, main
from backprop.workflow import calling

NAME = 'it\'s a "b" $HOME #1 `touch ran` $(touch ran) ü.csv'
STAND_IN = """\
#!{python}
import json, os, sys
with open({log!r}, "a") as file:
    print(json.dumps([sys.argv[1:], dict(os.environ)]), file=file)
if "--reporter" in sys.argv:
    report = os.path.join(sys.argv[sys.argv.index("--directory") + 1], sys.argv[-1])
    os.makedirs(os.path.dirname(report), exist_ok=True)
    with open(report, "w") as file:
        file.write("the report")
print("printed")
sys.exit({code} if "--reporter" not in sys.argv else 0)
"""


@pytest.fixture
def calls(tmp_path, monkeypatch):
    """Return a function: it lets Snakemake end with a code, runs a command, returns the calls."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    python, log = tmp_path / "python", tmp_path / "log"

    def call(*words, code=0):
        python.write_text(STAND_IN.format(python=sys.executable, log=str(log), code=code))
        python.chmod(0o755)
        log.write_text("")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(calling.sys, "executable", str(python))
            with pytest.raises(SystemExit, match=str(code)) if code else nullcontext():
                typed(*words)
        return [json.loads(line) for line in log.read_text().splitlines()]

    return call


def options(calls):
    """Return what each call has behind the options that all have."""
    start = ["-m", "snakemake", "--snakefile", str(ROOT / "Snakefile"), "--directory"]
    assert all(words[:5] == start for words, _ in calls)
    return [words[5:] for words, _ in calls]


def table(name):
    with open(name, "w", encoding="utf-8") as file:
        file.write("height,a 'b'\n" + "".join(f"{row % 7},{'uv'[row % 2]}\n" for row in range(40)))
    return name


def test_a_table_gets_its_config_and_is_run_with_it(calls, tmp_path, capfd):
    words = ("--label", "a 'b'", "--row", "tree", "--quick", "--cores", "2", "--folder", "-f")
    run, report = options(calls("run", table(NAME), *words))
    here = tmp_path / "home"
    (config,) = (here / "-f").glob("*.yaml")
    configs = ["--configfile", str(config), str(studies.QUICK), "--replace-workflow-config"]
    profile = ["--workflow-profile", str(ROOT / "profiles/default")]
    first = [str(here / "-f"), *profile, *configs]
    assert run == [*first, "--logger", "backprop", "--cores", "2"]
    assert report[: len(first)] == first
    assert report[-4:] == [
        "--reporter", "backprop", "--report-backprop-path", "results/report.html"
    ]  # fmt: skip
    assert f"The report: {here}/-f/results/report.html\n" in capfd.readouterr().out
    assert not list(tmp_path.rglob("ran"))


def test_the_config_of_the_folder_is_used_before_that_of_the_workflow(calls, tmp_path):
    (tmp_path / "home/config.yaml").write_text("seed: 2\n")
    assert str(tmp_path / "home/config.yaml") in options(calls("run"))[0]
    assert str(ROOT / "config.yaml") in options(calls("run", "--folder", "other"))[0]


def test_without_tensorflow_the_default_config_is_run_without_it_and_says_so(
    calls, tmp_path, monkeypatch, capfd
):
    monkeypatch.setattr(studies, "find_spec", lambda _: None)
    run, _ = options(calls("run"))
    config = tmp_path / "home" / studies.WITHOUT_TENSORFLOW
    assert str(config) in run
    assert "tensorflow" in (ROOT / "config.yaml").read_text()
    assert "tensorflow" not in config.read_text().partition("models:")[2].partition("\n\n")[0]
    note = capfd.readouterr().err
    assert note.startswith("note: TensorFlow is not installed, so the network in it is left out")
    assert note.count("note:") == 1
    assert " -m pip install " in note
    run = options(calls("run", ROOT / "config.yaml"))[0]  # which a user has named
    assert str(ROOT / "config.yaml") in run


def test_what_follows_two_dashes_goes_to_snakemake_and_a_dry_run_writes_no_report(calls):
    (run,) = options(calls("run", "--quick", "--", "-n", "--label", "--jobs=2"))
    assert run[-3:] == ["-n", "--label", "--jobs=2"]
    assert "--logger" not in run  # it would hide the plan


@pytest.mark.parametrize("profile", ["slurm", "generic", "storage"])
def test_the_plugins_that_a_profile_lacks_are_named_in_one_line(calls, monkeypatch, profile):
    monkeypatch.setattr(studies, "lacking", lambda extra: [f"plugin-of-{extra}"])
    with pytest.raises(SystemExit, match=f"for the profile {profile}; .*\n.*pip install "):
        calls("run", "--profile", profile)


def test_a_profile_is_of_the_workflow_or_of_the_user(calls, monkeypatch):
    monkeypatch.setattr(studies, "lacking", lambda extra: [])
    run, _ = options(calls("run", "--profile", "slurm"))
    assert run.count("--workflow-profile") == 1
    assert run[-1] == str(ROOT / "profiles/slurm")
    (run,) = options(calls("run", "--profile", "mine"))
    assert run[-2:] == ["--profile", "mine"]


def test_a_report_that_is_there_is_not_written_again_until_it_or_the_config_changes(calls, capfd):
    config, report = Path("own.yaml"), Path("mine/results/report.html")
    config.write_text("seed: 1\n")
    words = ("run", "own.yaml", "--folder", "mine")
    assert len(calls(*words)) == 2
    before = report.stat()
    assert len(calls(*words)) == 1
    assert report.stat() == before
    assert capfd.readouterr().out.count(f"The report: {report.absolute()}\n") == 2
    report.write_text("edited")
    assert len(calls(*words)) == 2
    assert report.read_text() == "the report"
    config.write_text("seed: 1\ndatasets: {ex4: {row: student}}\n")
    assert len(calls(*words)) == 2
    assert len(calls(*words, "--quick")) == 2
    assert len(calls(*words, "--quick")) == 1


def test_the_exit_code_is_that_of_snakemake_and_no_report_is_written(calls):
    assert len(calls("run", code=3)) == 1


def test_if_implementations_differ_the_report_is_written_and_the_run_has_failed(calls, tmp_path):
    tables = tmp_path / "home/results/ex4/tables"
    tables.mkdir(parents=True)
    (tables / "parity.csv").write_text("configuration,state\na,differs\n")
    assert len(calls("run", code=1)) == 2


def test_no_module_comes_from_the_folder_of_a_user_and_the_cache_can_be_written(
    calls, tmp_path, monkeypatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", os.devnull)
    for _, variables in calls("run"):
        assert variables["PYTHONSAFEPATH"] == variables["PYTHONUTF8"] == "1"
        assert variables["XDG_CACHE_HOME"] == f"{tmp_path}/home/.snakemake/cache"
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert calls("run")[0][1]["XDG_CACHE_HOME"] == ""


def test_the_folds_alone_are_written_and_named(calls, tmp_path, capfd):
    folds = tmp_path / "home/results/ex4/data/folds.csv"
    folds.parent.mkdir(parents=True)
    folds.touch()
    (run,) = options(calls("folds", "--cores", "1"))
    assert run[-2:] == ["--", "folds"]
    assert f"The folds: {folds}\n" in capfd.readouterr().out


def test_pages_are_copied_and_named(calls, tmp_path, capfd):
    for name in studies.LIVE:
        page = tmp_path / f"home/lesson/results/{name}/live.html"
        page.parent.mkdir(parents=True)
        page.write_text(name)
    (run,) = options(calls("live", "--folder", "lesson"))
    assert run[-3:] == [f"results/{name}/live.html" for name in studies.LIVE]
    assert (tmp_path / "home/lesson/watch-xor.html").read_text() == "xor"
    assert capfd.readouterr().out.count("A page by itself: ") == 3


def test_the_history_is_in_a_folder_of_its_own(calls, tmp_path):
    run, _ = options(calls("history"))
    assert run[0] == str(tmp_path / "home/history")
    assert str(ROOT / "config/history.yaml") in run


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "--labl", "y"], "Error: No such option '--labl'. Did you mean '--label'?"),
        (["rum"], "Error: No such command 'rum'. Did you mean 'run'?"),
        (["run", "--label", "y"], "Error: found --label without a table; name the table, too"),
        (["predict"], "Error: Missing argument 'TABLE'."),
        (["exercise", "x"], "Error: Invalid value for 'NUMBER': 'x' is not a valid integer range."),
    ],
)
def test_a_slip_is_refused_with_what_to_do(calls, words, message, capfd):
    assert not calls(*words, code=2)
    assert capfd.readouterr().err.splitlines()[-1] == message


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "none.csv", "--label", "y"], "error: none.csv: No such file or direct"),
        (["run", "none.yaml"], "error: none.yaml: found no such file; use the path of a config"),
        (["run", "--folder", "file/mine"], "error: Not a directory: "),
        (["open", "--folder", "nowhere"], "nowhere/results/report.html; `backprop run` writes it"),
        (["verify", "none.zip"], "error: No such file or directory: "),
        (["clean", "--folder", "nowhere"], "error: No such file or directory: nowhere"),
    ],
)
def test_what_cannot_be_used_is_named_in_one_message(in_a_folder, tmp_path, words, message):
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit) as ended:
        typed(*words)
    assert message in str(ended.value.code)


@pytest.mark.parametrize("name", [None, *command.commands])
def test_each_help_has_an_example_that_can_be_typed(name, capsys):
    with pytest.raises(SystemExit, match="0"):
        main([*([name] if name else []), "--help"])
    text = capsys.readouterr().out
    examples = text.partition("  Example")[2].splitlines()[1:]
    assert examples
    for line in examples:
        program, used, *words = line.split()
        assert program == "backprop"
        assert used == name or not name
        own = command.commands[used]
        own.make_context(used, words)  # raises if an option or argument is wrong


def test_the_versions_are_those_that_can_change_a_number(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines][:4] == ["backprop", "python", "snakemake", "numpy"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_commands_and_options(shell):
    place = "--la" if shell == "fish" else "2"
    variables = {"COMP_WORDS": "backprop run --la", "COMP_CWORD": place}
    for instruction, own in (("source", "_backprop_completion"), ("complete", "--label")):
        asked = {"_BACKPROP_COMPLETE": f"{shell}_{instruction}", **variables}
        ended = subprocess.run(
            [sys.executable, "-m", "backprop"],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), **asked},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert own in ended.stdout, ended.stderr


def test_the_report_is_opened_by_what_the_machine_has(tmp_path, monkeypatch, capfd):
    report = tmp_path / "a 'folder'/results/report.html"
    report.parent.mkdir(parents=True)
    report.touch()
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    for code, said in ((0, f"opened {report}\n"), (1, f"Open this file in a browser: {report}\n")):
        (programs / "xdg-open").write_text(f'#!/bin/sh\necho "opened $1"\nexit {code}\n')
        (programs / "xdg-open").chmod(0o755)
        typed("open", "--folder", report.parents[1])
        assert capfd.readouterr().out.endswith(said)


def predictions(folder, **shares):
    """Write a table of 40 rows, and files of predictions that are right for a share of them."""
    (folder / "t.csv").write_text("x,y\n" + "".join(f"{n},{'uv'[n % 2]}\n" for n in range(40)))
    for name, share in shares.items():
        lines = ["row,repeat,fold,u,v"]
        for n in range(40):
            p = 0.9 if (n % 2 == 1) == (n < 40 * share) else 0.1
            lines.append(f"{n + 1},1,{n // 2 % 4 + 1},{1 - p:g},{p}")
        (folder / f"{name}.csv").write_text("\n".join([*lines, ""]))


def test_files_of_predictions_are_compared_without_a_study(in_a_folder, tmp_path, capsys):
    predictions(tmp_path, good=1, poor=0.5)
    typed("compare", "good.csv", "poor.csv", "--table", "t.csv", "--label", "y")
    header, good, poor, *sentences = capsys.readouterr().out.splitlines()
    assert header.split()[:4] == ["accuracy", "accuracy_lower", "accuracy_upper", "difference"]
    assert good.split()[:2] == ["good", "1.0"]
    assert float(poor.split()[1]) == 0.5
    assert float(poor.split()[4]) == -0.5
    assert sentences


def test_predictions_of_several_tables_are_compared_over_all(in_a_folder, tmp_path, capsys):
    words = ["compare", "--label", "y"]
    for name, share in {"a": 0.9, "b": 0.85, "c": 0.8}.items():
        (tmp_path / name).mkdir()
        predictions(tmp_path / name, rule=0.6, model=share)
        (tmp_path / name / "t.csv").rename(tmp_path / f"{name}.csv")
        words += [f"{name}/rule.csv", f"{name}/model.csv", "--table", f"{name}.csv"]
    typed(*words)
    header, model, sentence = capsys.readouterr().out.splitlines()
    assert header.split()[:3] == ["outcome", "datasets", "difference"]
    assert model.split()[:3] == ["model", "undecided", "3"]
    assert float(model.split()[3]) == pytest.approx(0.25, abs=0.01)
    assert sentence.startswith("On 3 data sets, model is not shown to differ from rule on average")
    (tmp_path / "d.csv").write_text("x,y\n1,u\n2,v\n")
    with pytest.raises(SystemExit) as ended:
        typed(*words, "--table", "d.csv")
    assert str(ended.value.code).startswith("error: found no predictions in a folder d; of several")
    table = (tmp_path / "b.csv").read_text()
    (tmp_path / "b.csv").write_text(table.replace("y", "kind", 1))
    typed(*words, "--label", "kind", "--label", "y")
    assert capsys.readouterr().out.splitlines()[1:] == [model, sentence]
    with pytest.raises(SystemExit) as ended:
        typed(*words, "--label", "kind")
    message = "error: --label: found 2, and 3 tables; use one, or one for each"
    assert ended.value.code == message


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["good.csv"], "error: found 'good'; use two or more files with different names"),
        (["good.csv", "poor.csv", "--label", "z"], "error: t.csv: found no column z; use one of "),
        (["good.csv", "poor.csv", "--metric", "f"], "error: metric: found 'f'; use one of "),
        (["t.csv", "poor.csv"], "error: t.csv: found no whole numbers in 'row', 'repeat', 'fold'"),
        (["good.csv", "short.csv"], "error: short.csv: found no line for row 40"),
    ],
)
def test_what_cannot_be_compared_is_named(in_a_folder, tmp_path, words, message):
    predictions(tmp_path, good=1, poor=0.5)
    lines = (tmp_path / "good.csv").read_text().splitlines()[:-1]
    (tmp_path / "short.csv").write_text("\n".join([*lines, ""]))
    with pytest.raises(SystemExit) as ended:
        typed(
            "compare", "--table", "t.csv", *words, *[] if "--label" in words else ["--label", "y"]
        )
    assert str(ended.value.code).startswith(message)
