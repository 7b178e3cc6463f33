"""Fit the model that the report on a data set recommends to all rows, and write it."""

from pathlib import Path

from backprop.errors import BackpropError
from backprop.files import digest
from backprop.models.chosen import Recipe, write_model
from backprop.models.registry import with_estimators
from backprop.report.wording.chosen import REASONS
from backprop.statistics.recommendation import configuration_of, read_recommendation
from backprop.statistics.results import Results
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    registry = with_estimators(dict(parameters.get("estimators", ())))
    results = Results(dict(snakemake.input.items()), parameters)
    decision = read_recommendation(Path(snakemake.input.recommendation))
    configuration = configuration_of(decision, results.candidates)
    fitted, reason = None, REASONS.get(decision.kind)
    if decision.model is not None:
        model = registry[decision.model]
        recipe = Recipe(
            model=decision.model,
            family=model.family,
            implementation=model.implementation,
            configuration=configuration,
            seed=results.seed,
            training=parameters["training"],
        )
        try:
            fitted = recipe.fit(results.dataset)
        except BackpropError as error:  # the fits of the study did not fail, but this one may
            reason = str(error)
    write_model(
        Path(snakemake.output[0]),
        fitted,
        recommendation={
            "kind": decision.kind,
            "model": decision.model,
            "tuned": decision.tuned,
            "configuration": configuration and configuration.name,
            "reason": reason,
        },
        study={
            "seed": results.seed,
            "training": parameters["training"],
            "missing_values": parameters["missing_values"],
            "models": {
                name: {
                    "family": registry[name].family.name,
                    "implementation": registry[name].implementation,
                }
                for name in parameters["models"]
            },
        },
        data={Path(file).name: digest(Path(file)) for file in snakemake.input.data},
    )
