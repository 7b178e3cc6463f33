"""Several data sets: each has a report of its own, and one that fails keeps no other from its end.

A script of the projects fails for the data set that a variable names.
"""

import re
import shutil
import zipfile

import pytest
from processes import python
from project import SMALL, Project

NAMES = ("one", "two", "three")
OTHER = "one,two\n1,2\n3,4\n"  # a table without the label
LANDING = "results/summary.rst"
OF_ALL = {"across", "index"}


def table(seed):
    """Return a table of two classes."""
    rows = (f"{row * 11 % 17}.5,{row * seed % 7}.5,{int(row % 5 > 2)}\n" for row in range(40))
    return "".join(["a,b,y\n", *rows])


def entry(name):
    return {"source": f"{name}.csv", "label": "y"}


CONFIG = SMALL | {"vary": {}, "datasets": {name: entry(name) for name in NAMES}}


def ran(project, *options, succeeds=True):
    """Run the workflow; return the output, and the jobs of each data set, "" for those of all."""
    for log in project.results.rglob("logs/**/*.log"):
        log.unlink()
    output = project.run(*options, succeeds=succeeds).output
    jobs: dict[str, set[str]] = {}
    for log in project.results.rglob("logs/**/*.log"):
        name, _, job = str(log.relative_to(project.results)).rpartition("logs/")
        jobs.setdefault(name.rstrip("/"), set()).add(job.removesuffix(".log").split("/")[0])
    return output, jobs


def shown(project):
    """Return the landing page without escapes."""
    return re.sub(r"\\(.)", r"\1", project.read(LANDING))


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A project that has been run, with three data sets and a script that may fail."""
    folder = tmp_path_factory.mktemp("several") / "project"
    project = Project(folder, CONFIG)
    project.keep_figures()
    for seed, name in enumerate([*NAMES, "four"], start=2):
        project.write(f"{name}.csv", table(seed))
    fails = 'if __import__("os").environ["PATH"].endswith(snakemake.wildcards.dataset):'
    begins = "    dataset = read_dataset"
    project.change(
        "workflow/scripts/split.py",
        begins,
        f'    {fails}\n        raise ValueError("no luck")\n{begins}',
    )
    project.run()
    return project


@pytest.fixture
def project(first, tmp_path):
    return first.copy(tmp_path / "project")


def let_fail(project, name):
    project.variables["PATH"] = f"/usr/bin:/bin:/{name}"


def test_another_data_set_runs_its_own_jobs_and_those_of_all(project):
    assert ran(project)[1] == {}
    project.put("datasets.four", entry("four"))
    _, jobs = ran(project)
    assert jobs.keys() == {"", "four"}
    assert jobs[""] == OF_ALL
    assert {"fetch", "split", "train", "compare", "summarise", "provenance"} <= jobs["four"]
    del (config := project.config)["datasets"]["one"]
    project.configure(config)
    assert ran(project)[1] == {"": OF_ALL}


def test_the_report_is_an_index_with_a_report_for_each_data_set(project):
    project.run("--report", "all.html")
    index = project.read("all.html")
    files = {file.stem: file.read_text() for file in (project.folder / "all").glob("*.html")}
    assert files.keys() == set(NAMES)
    for name in NAMES:
        assert f'href=\\"all/{name}.html\\"' in index
        assert f"results/{name}/" not in re.sub(r"(?s)var rules = .*?</script>", "", index)
        assert f"results/{name}/tables/comparison.html" in files[name]
        assert 'href=\\"../all.html\\"' in files[name]
        others = {f"results/{other}/tables/comparison.html" for other in NAMES} - {
            f"results/{name}/tables/comparison.html"
        }
        assert not any(other in files[name] for other in others)
    assert "results/across.html" in index
    assert not any("results/across.html" in each for each in files.values())


def test_a_zip_has_the_index_and_the_reports(project):
    project.run("--reporter", "backprop", "--report-backprop-path", "all.zip")
    with zipfile.ZipFile(project.folder / "all.zip") as opened:
        names = {name for name in opened.namelist() if not name.endswith("/")}
    assert names == {"all/report.html", *(f"all/report/{name}.html" for name in NAMES)}


def test_only_the_files_are_written_again_that_show_something_else(project):
    def times():
        files = [project.folder / "all.html", *(project.folder / "all").glob("*.html")]
        return {file.stem: file.stat().st_mtime_ns for file in files}

    def written():
        before = times()
        project.run("--report", "all.html")
        return {name for name, time in times().items() if before.get(name) != time}

    project.run("--report", "all.html")
    assert written() == set()
    project.put("datasets.four", entry("four"))
    project.run()
    assert written() == {"all", "four"}
    project.put("datasets.two.row", "tree")
    project.run()
    assert written() == {"all", "two"}  # the page of all data sets was made again
    (project.folder / "all/three.html").write_text("edited")
    assert written() == {"three"}
    del (config := project.config)["datasets"]["one"]
    project.configure(config)
    project.run()
    assert written() == {"all"}
    assert times().keys() == {"all", "two", "three", "four"}


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (lambda project: (project.folder / "two.csv").unlink(), "No such file or directory"),
        (lambda project: project.write("two.csv", OTHER), "y"),
        (lambda project: project.write("two.csv", "a,y\n1,0\n2,0\n"), "class"),
        (lambda project: project.put("datasets.two.known_answers", "no.yaml"), "no.yaml"),
    ],
    ids=["no table", "no label", "one class", "known answers"],
)
def test_a_data_set_with_a_fault_is_a_row_and_the_others_run(fault, says, project):
    fault(project)
    output, jobs = ran(project)
    assert jobs == {"": {"index"}} | ({"": OF_ALL} if "across" in jobs.get("", ()) else {})
    (warning,) = (line for line in output.splitlines() if line.startswith("warning: "))
    assert warning.startswith("warning: two is left out: ")
    assert says in warning
    assert "1 of 3 data sets has no result (two): the report says why" in output
    assert warning.split(": ", 2)[2][:60] in shown(project)
    assert str(project.folder) not in shown(project)
    project.run("--report", "report.html")
    assert "report/two.html" not in project.read("report.html")
    assert "report/one.html" in project.read("report.html")


def test_a_fault_of_all_data_sets_or_of_the_config_refuses_all(project):
    project.put("datasets.two.lable", "y")
    assert "datasets.two.lable: unknown key" in project.run(succeeds=False).output
    project.configure(CONFIG)
    for name in NAMES:
        project.write(f"{name}.csv", OTHER)
    output = project.run(succeeds=False).output
    assert output.count("error: ") == 1
    assert "error: one.csv: " in output
    assert "left out" not in output


def test_a_data_set_whose_job_fails_is_a_row_and_is_tried_again(project):
    project.put("datasets.four", entry("four"))
    project.put("datasets.five", {"source": "one.csv", "label": "y"})
    let_fail(project, "four")
    output, jobs = ran(project, "--keep-going", succeeds=False)
    assert jobs[""] == OF_ALL
    assert "summarise" in jobs["five"]
    assert "summarise" not in jobs["four"]
    reason = "split failed: ValueError: no luck"
    assert f"warning: four is left out: {reason}" in output
    assert "error: 1 data set failed ('four'); all others have results, and the rep" in output
    assert f"No result: {reason}" in shown(project)
    project.run("--report", "report.html")
    assert "report/four.html" not in project.read("report.html")
    assert "report/five.html" in project.read("report.html")
    for settings in ("reporter: backprop\nreport-backprop-path: own.html\n", "report: own.html\n"):
        (project.folder / "reports").mkdir(exist_ok=True)
        project.write("reports/config.yaml", settings)
        project.run("--profile", "reports")
        assert f"No result: {reason}" in project.read("own.html")
        (project.folder / "own.html").unlink()

    output, jobs = ran(project, "--keep-going", succeeds=False)
    assert jobs == {"four": {"split"}}, "it is tried again, and all else is as it was"
    project.variables.clear()
    output, jobs = ran(project)
    assert jobs.keys() == {"", "four"}
    assert jobs[""] == OF_ALL
    assert "No result" not in shown(project)
    assert "left out" not in output


def test_the_command_ends_with_how_many_failed_and_code_1_but_0_after_a_fault(project):
    own = {"PYTHONPATH": str(project.folder / "src")}

    def run(**variables):
        command = ("-m", "backprop", "run", "--cores", "2")
        return python(*command, cwd=project.folder, more=own | variables, check=False)

    project.put("datasets.four", entry("four"))
    failed = run(PATH="/usr/bin:/bin:/four")
    assert failed.returncode == 1
    assert failed.stderr.splitlines()[-1].startswith("error: 1 data set failed ('four'); ")
    report = project.results / "report.html"
    assert f"The report: {report}" in failed.stdout
    assert {file.stem for file in (project.results / "report").iterdir()} == set(NAMES)
    project.write("four.csv", OTHER)
    faulty = run()
    assert faulty.returncode == 0, faulty.stderr
    assert "warning: four is left out: " in faulty.stderr
    assert "data set failed" not in faulty.stderr


def test_without_keep_going_a_job_that_fails_ends_the_run(project):
    project.put("datasets.four", entry("four"))
    let_fail(project, "four")
    profile = project.folder / "own"
    shutil.copytree(project.folder / "profiles/default", profile)
    (settings,) = profile.iterdir()
    settings.write_text(re.sub("(?m)^keep-going: true", "keep-going: false", settings.read_text()))
    output, jobs = ran(project, "--workflow-profile", "own", succeeds=False)
    assert "" not in jobs
    assert "left out" not in output


def test_one_data_set_is_refused_and_fails_as_it_did_before(tmp_path, project):
    project.configure(CONFIG | {"datasets": {"two": entry("two")}})
    project.write("two.csv", OTHER)
    assert "error: two.csv: " in project.run(succeeds=False).output
    project.write("two.csv", table(9))
    let_fail(project, "two")
    output, jobs = ran(project, "--keep-going", succeeds=False)
    assert jobs.keys() == {"two"}
    assert "left out" not in output
