"""Judge the recommended model and its rival on new data, which nothing else has seen."""

from pathlib import Path

from backprop.data.canonical_form import files_of, read_dataset
from backprop.data.new_data import read_new_data
from backprop.data.new_rows import NewRows
from backprop.files import digest, write_atomically, write_table
from backprop.models.chosen import holds_model, read_model
from backprop.models.registry import BASELINE
from backprop.statistics.new_data import check_new_data, judge, table_of_predictions
from backprop.statistics.recommendation import read_recommendation
from backprop.statistics.record_of_uses import note_use
from backprop.statistics.results import Results
from backprop.statistics.tables import NEW_DATA, NEW_DATA_CHECKS
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    files, output, options = snakemake.input, snakemake.output, parameters["options"]
    study = read_dataset(*map(Path, files.data))
    (file,) = map(Path, parameters["files"])
    new = read_new_data(file.name, file, study, **options)
    results = Results({name: files[name] for name in ("metrics", "nested")}, parameters)
    chosen, *_ = every = [Path(file) for file in files.models]
    held = [file for file in every if holds_model(file)]
    models = [read_model(file) for file in held if chosen in held]
    models.sort(key=lambda model: model.recipe.model != BASELINE)
    rows = NewRows(new.x, [], [], [])
    predictions = {model.recipe.model: model.predictions(rows) for model in models}
    digests = {Path(file).name: digest(Path(file)) for file in files.data}
    uses = note_use(Path(output.uses), new, study, models, digests)

    scores, checks = NEW_DATA.frame([]), NEW_DATA_CHECKS.frame([])
    if models:
        how = {"duplicates": options["duplicates"]}
        decision = read_recommendation(Path(files.recommendation))
        scores = judge(new, predictions, results, decision, uses=uses, **how)
        checks = check_new_data(study, new, seed=parameters["seed"], **how)
    write_table(Path(output.new_data), scores)
    write_table(Path(output.new_data_checks), checks)
    for file, content in zip(output.held, files_of(new).values(), strict=True):
        write_atomically(Path(file), content)
    write_table(Path(output.predictions), table_of_predictions(new, predictions))
