"""Write a finished run as one file that others can verify: `make archive`."""

import argparse
import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from contextlib import chdir
from datetime import UTC, datetime
from pathlib import Path

from backprop.config import Config
from backprop.errors import BackpropError, one_message, printable
from backprop.files import digest, digest_of_bytes, write_atomically
from backprop.workflow import paths
from backprop.workflow.archive import crate
from backprop.workflow.archive.crate import CODE, CONFIG, METADATA
from backprop.workflow.archive.zips import zipped
from backprop.workflow.paths import REPORT
from backprop.workflow.plan import ROOT
from backprop.workflow.records import RUNS, Record, read_records, read_runs

DIRTY = "-dirty"  # how git marks a commit if files differ from it


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, and write the archive of the results in a folder."""
    parser = argparse.ArgumentParser(prog="make archive", allow_abbrev=False)
    parser.add_argument("--folder", default=".")
    parser.add_argument("--output", default="")
    options = parser.parse_args(arguments)
    folder = Path(options.folder).expanduser()
    output = Path(options.output).expanduser() if options.output else folder / paths.ARCHIVE
    with one_message(OSError):
        write_report(folder)
        number = pack(folder, output.absolute())
    print(printable(f"wrote {output}: {number:,} files, {output.stat().st_size:,} bytes"))
    print(f"its SHA-256, to send by another way than the file: {digest(output)}")
    if (commit := _commit()) is None or commit.endswith(DIRTY):
        what = "has changes that are in no commit" if commit else "is no clone, so has no commit"
        print(
            f"warning: the code here {what}; only who has the same files can verify the archive",
            file=sys.stderr,
        )


def write_report(folder: Path) -> None:
    """Write the report of the last run in a folder; results that are out of date end the process.

    Raises
    ------
    BackpropError
        If there is no record of the run.
    """
    runs = read_runs(folder)
    if not runs:
        raise BackpropError(f"{folder / RUNS}: found no record of a run; `make run` makes it")
    configs = [str((folder / name).absolute()) for name in runs[0]["configs"]]
    snakemake = [sys.executable, "-m", "snakemake", "--directory", str(folder.absolute())]
    options = ["--configfile", *configs, "--replace-workflow-config"]
    report = ["--reporter", "backprop", "--report-backprop-path", REPORT]
    made = subprocess.run(
        [*snakemake, *options, *report], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if made.returncode:
        print(made.stdout, made.stderr, sep="", end="", file=sys.stderr)
        sys.exit(made.returncode)


def pack(folder: Path, output: Path) -> int:
    """Write the archive of the results in a folder; return its number of files.

    Raises
    ------
    BackpropError
        If a result is missing or is not as a finished job left it, or if the output is another
        file than an archive.
    """
    if output.exists() and not zipfile.is_zipfile(output):
        raise BackpropError(f"OUTPUT: {output} is there, and is no archive; use another file")
    with chdir(folder):
        config = read_config()
        contents = dict(sorted(_contents(config).items()))
        absent = {n: digest_of_bytes(contents.pop(n)) for n in sorted(crate.left_out_files(config))}
        made = datetime.fromtimestamp(Path(REPORT).stat().st_mtime, UTC).isoformat(
            timespec="seconds"
        )
    metadata = crate.metadata_of(
        {name: (digest_of_bytes(content), len(content)) for name, content in contents.items()},
        crate.Claims(made, _commit(), absent),
    )
    write_atomically(output, zipped({METADATA: metadata, **contents}))
    return len(contents) + 1


def read_config() -> Config:
    """Return the completed config that the results here were made by, from their provenance."""
    try:
        names = json.loads(Path(paths.SUMMARY_JSON).read_bytes())["datasets"]
        files = [Path(paths.PROVENANCE.format(dataset=name)) for name in names]
        configs = [json.loads(file.read_bytes())["config"] for file in files]
        datasets = {name: own["datasets"][name] for name, own in zip(names, configs, strict=True)}
        return Config.of({**configs[0], "datasets": datasets})
    except FileNotFoundError as error:
        raise BackpropError(f"{error.filename}: no such file; `make run` makes it") from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise BackpropError(
            f"{paths.SUMMARY_JSON}, or the provenance that it names, is damaged; run `make run`"
        ) from error


def _contents(config: Config) -> dict[str, bytes]:
    """Return all files by their paths in the archive. Each result must be as its job left it."""
    results = crate.result_files(config)
    # Of two records of a file, the later one counts: a rule may have another name now.
    of_output = {name: record for record in read_records().values() for name in record.outputs}
    recorded = {name: record.outputs[name] for name, record in of_output.items()}
    contents = {}
    for name in results:
        if not Path(name).is_file():
            raise BackpropError(f"{name}: no such file; `make run` makes it")
        contents[name] = Path(name).read_bytes()
        if name != REPORT and recorded.get(name) != digest_of_bytes(contents[name]):
            raise BackpropError(f"{name}: it is not what a finished job left there; run `make run`")
    times = {name: Path(name).stat().st_mtime_ns for name in results}
    if times[REPORT] < max(times.values()):
        raise BackpropError(
            f"{REPORT}: a run has changed results after it was written; run `make archive` again"
        )
    contents[REPORT] = crate.without_times(contents[REPORT])
    contents[CONFIG] = crate.config_file(config)
    brought = crate.brought_files(config).items()
    contents |= {name: _input_of(of_output[result]) for name, result in brought}
    return contents | {
        f"{CODE}/{name}": (ROOT / name).read_bytes() for name in crate.code_files(ROOT)
    }


def _input_of(record: Record) -> bytes:
    """Return the file of a user that a job has read."""
    ((name, sha256),) = record.files.items()
    content = Path(name).read_bytes()
    if digest_of_bytes(content) != sha256:
        raise BackpropError(f"{name}: it was changed after the run; run `make run`")
    return content


def _commit() -> str | None:
    """Return the commit of this clone, marked if files differ from it; None if it is no clone."""
    options = ("--always", "--abbrev=40", f"--dirty={DIRTY}", "--exclude=*")
    return crate.git(ROOT, "describe", *options).strip() or None


if __name__ == "__main__":
    main()
