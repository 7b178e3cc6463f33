"""The Snakefile and the working directory can be anywhere, by any path."""

import shutil

from project import SMALL, Project


def test_the_way_to_the_snakefile_and_to_the_directory_does_not_matter(tmp_path):
    project = Project(tmp_path / "project", SMALL | {"models": ["logistic"]})
    work = tmp_path / "work"
    (work / "deep").mkdir(parents=True)
    shutil.copy(project.folder / "config.yaml", work)
    project.run("-d", "../work")
    assert (work / "results/summary.rst").exists()
    assert not (project.folder / "results").exists()
    for folder, *options in (
        (project.folder, "-d", "../work"),
        (project.folder, "-s", "../project/Snakefile", "-d", "../project/../work"),
        (work, "-s", "../project/Snakefile"),
        (work / "deep", "-s", "../../work/../project/Snakefile", "-d", ".."),
    ):
        assert Project(folder).planned(*options) == set()
    Project(work).run("-s", "../project/Snakefile", "--report", "report.html")
    assert "exam_1" in (work / "report.html").read_text()
