"""Fit the model that the report on a data set recommends, or its rival, to all rows; write it."""

from pathlib import Path

from backprop.errors import BackpropError
from backprop.files import digest
from backprop.models.chosen import Recipe, write_model
from backprop.models.families import ELSEWHERE
from backprop.models.registry import with_estimators
from backprop.report.wording.no_model import REASONS
from backprop.statistics.recommendation import configuration_of, read_recommendation, rival_of
from backprop.statistics.results import Results
from backprop.workflow.jobs import job

with job(snakemake) as parameters:
    registry = with_estimators(dict(parameters.get("estimators", ())))
    results = Results(dict(snakemake.input.items()), parameters)
    decision = read_recommendation(Path(snakemake.input.recommendation))
    kind, model, tuned = decision.kind, decision.model, decision.tuned
    configuration = configuration_of(decision, results.candidates)
    if "comparison" in results:  # then the rival is asked for, in its reference
        usable = [name for name in parameters["models"] if registry[name].family is not ELSEWHERE]
        model = rival_of(decision, results.rows("comparison"), results.metric, usable)
        kind, tuned = "beside", False
        configuration = results.candidates[model][0] if model else None
    fitted, reason = None, None if model else REASONS[kind]
    if model and configuration:
        recipe = Recipe(
            model=model,
            family=registry[model].family,
            implementation=registry[model].implementation,
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
            "kind": kind,
            "model": model,
            "tuned": tuned,
            "configuration": configuration and configuration.name,
            "reason": reason,
        },
        study={
            "seed": results.seed,
            "training": parameters["training"],
            "missing_values": parameters["missing_values"],
            "layout": parameters["layout"],
            **{key: parameters[key] for key in ("costs",) if key in parameters},
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
