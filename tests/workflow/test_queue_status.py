"""What the script `status` of profiles/generic says of a job, by a queue that the test makes."""

from pathlib import Path

import processes
import pytest
import yaml

from backprop.workflow import calling

ROOT = Path(__file__).parents[2]
STATUS = ROOT / "profiles/generic/status"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("echo COMPLETED", "success"),
        ("echo TIMEOUT", "failed"),
        ("echo PENDING", "running"),
        ("exit 1", "running"),
    ],
)
def test_a_job_runs_until_the_queue_says_how_it_ended(answer, expected, tmp_path, monkeypatch):
    (tmp_path / "squeue").write_text(f'#!/bin/sh\ntest "$4" = --jobs=7 && {answer}\n')
    (tmp_path / "squeue").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert processes.run([STATUS, "7"]).stdout.strip() == expected


@pytest.mark.parametrize("by_command", [True, False])
def test_the_script_is_found_from_the_folder_of_the_run(by_command, tmp_path, monkeypatch):
    profile = yaml.safe_load((ROOT / "profiles/generic/profile.v9+.yaml").read_text("utf-8"))
    (tmp_path / "squeue").write_text("#!/bin/sh\necho COMPLETED\n")
    (tmp_path / "squeue").chmod(0o755)
    folder, workflow = tmp_path / "Bäume neu", tmp_path / "the workflow"
    folder.mkdir()
    workflow.mkdir()
    (workflow / "profiles").symlink_to(ROOT / "profiles")
    monkeypatch.setattr(calling, "ROOT", workflow)
    environment = calling._environment(folder) if by_command else {}
    asked = processes.run(
        f"{profile['cluster-generic-status-cmd']} '7'",  # as the executor asks
        shell=True,
        cwd=folder if by_command else ROOT,
        env=environment | {"PATH": f"{tmp_path}:/usr/bin:/bin"},
    )
    assert asked.stdout == "success\n"
