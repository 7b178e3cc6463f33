"""What the script `status` of profiles/generic says of a job, by a queue that the test makes."""

from pathlib import Path

import processes
import pytest

STATUS = Path(__file__).parents[2] / "profiles/generic/status"


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
