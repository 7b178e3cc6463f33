"""Add the sentences to the tables of a data set, and write the tables as pages."""

from pathlib import Path

from backprop.files import write_atomically, write_table
from backprop.report.pages import Section, page_of
from backprop.report.wording.rows import Context
from backprop.report.wording.verdicts import SENTENCES, add_verdicts, for_page
from backprop.report.wording.warnings import worded
from backprop.statistics.results import Results
from backprop.statistics.review import FACTS, as_table, read_warnings, write_warnings
from backprop.statistics.tables import TABLES
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    results = Results(dict(snakemake.input.items()), parameters["context"])
    context = Context.of(results.candidates, facts=FACTS, **parameters["context"])
    for file in snakemake.output.warnings:
        warnings = worded(read_warnings(Path(snakemake.input.warnings)), context)
        write_warnings(Path(file), warnings)
        results.tables["warnings"] = as_table(warnings)
    csv_files = iter(snakemake.output.tables)
    sections: dict[str, list[Section]] = {}
    for name, page, look in parameters["tables"]:
        table = results.tables[name]
        if name in SENTENCES:
            table = add_verdicts(name, table, context)
        if TABLES[name].has_sentences:
            write_table(Path(next(csv_files)), table)
        if page != "":
            shown, sentences = for_page(name, table)
            section = Section(shown, sentences=sentences, context=context, **look)
            sections.setdefault(page or name, []).append(section)
    for (name, title), file in zip(parameters["titles"], snakemake.output.pages, strict=True):
        write_atomically(Path(file), page_of(title, sections[name]).encode())
