"""The Snakefile and the working directory can be anywhere, by any path."""

import shutil

from project import SMALL, Project


def test_the_way_to_the_snakefile_and_to_the_directory_does_not_matter(tmp_path):
    project = Project(tmp_path / "project", SMALL | {"models": ["logistic"]})
    project.keep_figures()
    data = tmp_path / "data"
    (data / "deep").mkdir(parents=True)
    shutil.copy(project.folder / "config.yaml", data)
    project.run("-d", "../data")
    assert (data / "results/summary.rst").exists()
    assert not (project.folder / "results").exists()
    for folder, *options in (
        (project.folder, "-s", "../project/Snakefile", "-d", "../project/../data"),
        (data, "-s", "../project/Snakefile"),
        (data / "deep", "-s", "../../data/../project/Snakefile", "-d", ".."),
    ):
        assert Project(folder).planned(*options) == set()
    Project(data).run("-s", "../project/Snakefile", "--report", "report.html")
    assert "exam_1" in (data / "report.html").read_text()


def test_figures_are_drawn_without_a_home_folder_that_can_be_written(project, finished, tmp_path):
    """Matplotlib writes there; no other job does."""
    project.keep_figures("roc")
    project.variables = {"HOME": "/proc/nobody", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    picture = "results/ex4/plots/roc.svg"
    assert "plot" in project.run(picture).jobs
    assert project.read(picture) == finished.read(picture)
