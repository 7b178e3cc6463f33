"""The command `backprop`: it reads the command line, and calls Snakemake or the library.

What a command needs is imported when it runs, so that help and completion are fast.
"""

import os
import platform
from collections.abc import Sequence
from contextlib import chdir, suppress
from pathlib import Path
from typing import Any

import click

from backprop import __version__
from backprop.errors import needing, one_message

PACKAGES = ("snakemake", "numpy", "scipy", "scikit-learn", "pandas", "pyarrow", "tensorflow")
"""The packages whose versions can change a number of a study."""
CONFIGS = {".yaml", ".yml", ".json"}
OF_TABLE = ("label", "row", "sheet")


class UserPath(click.Path):
    """A path, in which ``~`` is the home: no shell replaces it in ``--folder=~/mine``."""

    def convert(self, value: Any, *others: Any) -> Path:
        """Return the path."""
        return Path(os.fsdecode(super().convert(value, *others))).expanduser()


class PassingOn(click.Command):
    """A command that passes the words after ``--`` on to Snakemake."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse what is before ``--``."""
        place = args.index("--") if "--" in args else len(args)
        ctx.meta["snakemake"] = args[place + 1 :]
        return super().parse_args(ctx, args[:place])

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the words of the usage."""
        return [*super().collect_usage_pieces(ctx), "[-- OPTIONS OF SNAKEMAKE]"]


def _for_snakemake() -> list[str]:
    """Return the words after ``--``."""
    return list(click.get_current_context().meta["snakemake"])


def _examples(*lines: str) -> str:
    """Return the end of a help text."""
    title = "Examples:" if lines[1:] else "Example:"
    return "\n".join(["\b", title, *(f"  {line}" for line in lines)])


FILE = UserPath()
folder = click.option("--folder", type=FILE, default=".", help="Where the results are.")
cores = click.option("--cores", help="How many processors to use, by default all.")
label = click.option("--label", default="", help="The column of the table with the class.")
row = click.option("--row", default="", help="What a row is, a noun in the singular.")
sheet = click.option("--sheet", default="", help="The sheet, if the table is a workbook.")
new_config = click.option("--config", type=FILE, help="The config to write for a table.")
dataset = click.option("--dataset", default="", help="The data set, if the run has several.")


def _show_versions(ctx: click.Context, _: click.Parameter, is_wanted: bool) -> None:
    if not is_wanted:
        return
    from importlib.metadata import distributions

    click.echo(f"backprop {__version__}\npython {platform.python_version()}")
    for name in PACKAGES:
        versions = [each.version for each in distributions(name=name)]
        click.echo(f"{name} {versions[0] if versions else 'is not installed'}")
    ctx.exit()


@click.group(
    epilog=_examples("backprop run ~/trees.csv --label species", "backprop open"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_versions,
    help="Show the versions that can change a number.",
)  # fmt: skip
def command() -> None:
    """Compare a back-propagation network with logistic regression and other models."""


@command.command(
    epilog=_examples(
        "backprop run ~/trees.csv --label species",
        "backprop run ~/trees.yaml --quick",
        "backprop run trees.yaml --profile slurm -- --jobs 20",
    ),
    cls=PassingOn,
)
@click.argument("what", metavar="[TABLE|CONFIG]", type=FILE, required=False)
@label
@row
@sheet
@new_config
@click.option("--quick", is_flag=True, help="Take a first look, in less than a minute.")
@cores
@click.option("--profile", help="A profile of Snakemake, such as slurm.")
@folder
def run(what: Path | None, **options: Any) -> None:
    """Compare the models on a table, or by a config, and write the report.

    A table first gets a config beside it, which you can edit; so does a folder of tables, or a
    list of them. Without a table and a config, the run is by the config.yaml in the folder, or of
    the bundled data.
    """
    from backprop.commands import studies

    of_table = {name: options.pop(name) for name in (*OF_TABLE, "config")}
    config = what
    if what and what.suffix.lower() not in CONFIGS:
        config = _config_of(what, options["folder"], of_table)
    elif named := [name for name, value in of_table.items() if value]:
        raise click.UsageError(f"found --{named[0]} without a table; name the table, too")
    studies.run(studies.Study(config=config, more=_for_snakemake(), **options))


def _config_of(table: Path, folder: Path, options: dict[str, Any]) -> Path:
    from backprop.commands.first_config import Request, write_config
    from backprop.commands.suites import is_suite, write_suite

    request = Request(table, folder=folder, **options)
    return write_suite(table, request) if is_suite(table, request.label) else write_config(request)


@command.command(epilog=_examples("backprop config ~/trees.csv --label species"))
@click.argument("table", type=FILE)
@label
@row
@sheet
@new_config
@folder
def config(table: Path, folder: Path, **options: Any) -> None:
    """Write the config of a table, and print its path; nothing is run."""
    click.echo(_config_of(table, folder, options))


@command.command(epilog=_examples("backprop predict new.csv --output classes.csv"))
@click.argument("table", type=FILE)
@click.option("--model", default="", help="By default the one that is recommended.")
@click.option("--configuration", default="", help="Its configuration, if the run has several.")
@dataset
@sheet
@click.option("--output", type=FILE, help="The file to write, by default beside the table.")
@click.option("--config", type=FILE, help="The config to compare with, by default the run's.")
@click.option("--outdated", is_flag=True, help="Use a model that an edit has made outdated, too.")
@folder
def predict(**options: Any) -> None:
    """Predict the classes of new rows by the model that the report recommends."""
    from backprop.commands.predict import Request, predict_rows

    predict_rows(Request(**options))


@command.command(epilog=_examples("backprop open --folder mine"), name="open")
@folder
def open_report(folder: Path) -> None:
    """Open the report."""
    from backprop.commands import studies

    studies.open_report(folder)


@command.command(epilog=_examples("backprop folds trees.yaml"), cls=PassingOn)
@click.argument("config", type=FILE, required=False)
@cores
@folder
def folds(**options: Any) -> None:
    """Write the folds alone, so that others train on the same."""
    from backprop.commands.studies import Study, write_folds

    write_folds(Study(more=_for_snakemake(), **options))


@command.command(
    epilog=_examples("backprop compare logistic.csv rules.csv --table trees.csv --label species")
)
@click.argument("predictions", type=FILE, nargs=-1, required=True)
@click.option(
    "--table",
    "tables",
    type=FILE,
    required=True,
    multiple=True,
    help="The table with the classes. Of several, each has its files in a folder of its name.",
)
@click.option(
    "--label",
    "labels",
    required=True,
    multiple=True,
    help="Its column with the class. Of several tables, one for all, or one for each in turn.",
)
@sheet
@click.option("--metric", default="accuracy", help="By default accuracy.")
@click.option("--rope", default=0.01, help="The largest difference that does not matter.")
@click.option("--baseline", default="", help="The model to compare with, by default the first.")
def compare(**options: Any) -> None:
    """Compare models by files of their predictions, without a study."""
    from backprop.commands.comparing_files import compare_files

    compare_files(**options)


@command.command(epilog=_examples("backprop archive --output trees.zip"))
@click.option("--output", type=FILE, help="The file to write, by default results/archive.zip.")
@folder
def archive(folder: Path, output: Path | None) -> None:
    """Write the last run as one file, which others can verify."""
    from backprop.workflow.archive.packing import write_archive

    write_archive(folder, output)


@command.command(epilog=_examples("backprop verify trees.zip"))
@click.argument("archive", type=FILE)
@click.option("--table", type=FILE, help="Its table, or a folder of tables, if it has no data.")
@cores
def verify(archive: Path, table: Path | None, cores: str | None) -> None:
    """Run the study of an archive again, and compare the tables.

    The exit code is 1 if a number differs.
    """
    from backprop.workflow.archive import verifying

    verifying.main(archive, table, cores or "all")


@command.command(epilog=_examples("backprop live --folder lesson"))
@cores
@click.option("--folder", type=FILE, default="live", help="Where the pages go.")
def live(folder: Path, cores: str | None) -> None:
    """Write the pages on which networks train, each by itself."""
    from backprop.commands.studies import write_pages

    write_pages(folder, cores)


@command.command(epilog=_examples("backprop history --folder lesson"))
@cores
@click.option("--folder", type=FILE, default="history", help="Where the results go.")
def history(folder: Path, cores: str | None) -> None:
    """Compare from the perceptron to back-propagation."""
    from backprop.commands import studies
    from backprop.folders import ROOT

    studies.run(studies.Study(folder, ROOT / "config/history.yaml", cores=cores))


@command.command(epilog=_examples("backprop exercise 7 --optimiser adam"))
@click.argument("number", type=click.IntRange(min=0))
@dataset
@click.option("--optimiser", default="sgd", help="That the student chose, by default sgd.")
@folder
def exercise(number: int, dataset: str, optimiser: str, folder: Path) -> None:
    """Print the solution of the exercise with the number of a student."""
    from backprop.exercise import print_solution

    with chdir(folder):
        print_solution(number, dataset or None, optimiser)


@command.command(epilog=_examples("backprop clean --folder mine"))
@folder
def clean(folder: Path) -> None:
    """Delete all results of runs; what people put there or changed stays."""
    from backprop.workflow.plan import paths
    from backprop.workflow.records.job_records import remove_all
    from backprop.workflow.records.report_sources import files_of

    with chdir(folder):
        for file in (*files_of(Path(paths.REPORT)), Path("results/report.zip")):
            file.unlink(missing_ok=True)
        with suppress(OSError):  # there is none, or something else is in it
            Path(paths.REPORT).with_suffix("").rmdir()
        remove_all()


def main(words: Sequence[str] | None = None) -> None:
    """Run the command; an error that the user can correct ends it with one message."""
    with one_message(OSError, ModuleNotFoundError), needing():
        command(words, prog_name="backprop")
