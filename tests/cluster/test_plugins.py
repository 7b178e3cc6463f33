"""What our executors use of the plugins for clusters is there; no document promises it."""

import re
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest


def defines(plugin, name):
    """Return whether a plugin has a method, an attribute or a key of this name."""
    code = Path(find_spec(f"snakemake_executor_plugin_{plugin}").origin).read_text(encoding="utf-8")
    return bool(re.search(rf'^ *def {name}\(|^ *(self\.)?{name}\b.* = |"{name}": ', code, re.M))


@pytest.mark.parametrize(
    ("plugin", "name"),
    [
        ("cluster_generic", "cancel_cmd"),
        ("slurm", "_job_submission_executor"),
        ("slurm", "get_account_arg"),
        ("slurm", "get_partition_arg"),
        ("slurm", "run_uuid"),
        ("slurm", "slurm_logfile"),
    ],
)
def test_a_plugin_still_has(plugin, name):
    release = version(f"snakemake-executor-plugin-{plugin.replace('_', '-')}")
    assert defines(plugin, name), f"the plugin {plugin} {release}: no {name}"


@pytest.mark.parametrize("plugin", ["cluster_generic", "slurm"])
def test_a_name_that_is_gone_is_noticed(plugin):
    assert not defines(plugin, "no_such_name")
    assert not defines(plugin, "run_uuids")
