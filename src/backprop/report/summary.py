"""The landing page of the report, rendered from a template."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backprop.config import Config
from backprop.escaping import for_jinja, for_rst
from backprop.models.registry import BASELINE, MODELS, models_of, network_models, tuned_groups
from backprop.report.figures.one_page import Page
from backprop.report.forest import draw_forest
from backprop.report.forest_layout import DrawnDifference
from backprop.report.rate_lines import draw_rates
from backprop.report.rendering import environment
from backprop.report.wording.amounts import (
    article,
    named,
    score,
    score_ends,
    score_with_interval,
    unit_of,
)
from backprop.report.wording.comparison import implementation_notes, notes
from backprop.report.wording.error_rates import narrow_sentences, rates_at_a_glance, unlike_sentence
from backprop.report.wording.first_look import first_look_sentence
from backprop.report.wording.hard_rows import always_wrong_sentence
from backprop.report.wording.metrics import (
    excluding_a_guess,
    holding_a_guess,
    rarely_predicting,
    without_interval,
)
from backprop.report.wording.names import (
    guessed_by,
    label,
    listed,
    listed_first,
    model_name,
    named_value,
    plural,
    sentence_case,
)
from backprop.report.wording.new_data import unused_sentence
from backprop.report.wording.parity import compared_sentence, differing_sentence
from backprop.report.wording.recommendation import advice
from backprop.report.wording.rows import Context, context_of, without_score
from backprop.report.wording.training_sizes import settling_sentence
from backprop.statistics.criteria import in_doubt
from backprop.statistics.error_rate_findings import power_near
from backprop.statistics.hard_rows import always_wrong
from backprop.statistics.left_out_items import nothing_to_show
from backprop.statistics.other_metrics import largest_share, others_to_say, others_to_show
from backprop.statistics.recommendation import Recommendation, rows_to_settle
from backprop.statistics.results import Results
from backprop.statistics.tables import (
    ByMetric,
    Compared,
    Learned,
    Nested,
    NewScore,
    Tuning,
)
from backprop.statistics.tuning import kept
from backprop.study.configurations import HYPERPARAMETERS, Configuration, named_columns
from backprop.study.metrics import METRICS
from backprop.typing import Json

BALANCED = "balanced_accuracy"  # a model without its interval predicts a class for very few rows
UNPROVED = "not shown to be better"
MOST_CLASSES = 5  # whose rows the page to hand in counts
MOST_EQUAL = 5  # groups of equal rows, and rows of each, that the page names

IN_A_WORD = {"slightly different": "hardly different", "undecided": "not shown to differ"}
"""The outcomes of a comparison that the table of models calls by another name."""


@dataclass(frozen=True)
class Reported:
    """What the page shows of a data set.

    Attributes
    ----------
    results : Results
        With the tables that have sentences; all but `comparison` may be missing. And with the
        statistics `guessing`, `against_guess` and `hard_rows`.
    decision : Recommendation
        Which model to use.
    provenance : mapping
        Where the data are from.
    seen_first : sequence of str
        The items of the report to name first.
    """

    results: Results
    decision: Recommendation
    provenance: Mapping[str, Json]
    seen_first: Sequence[str]


def render(template: Path, config: Config, studies: Mapping[str, Reported]) -> str:
    """Render the landing page.

    Parameters
    ----------
    template : Path
        A Jinja template in reStructuredText.
    config : Config
    studies : mapping of str to Reported
        By the name of a data set.

    Returns
    -------
    str
        reStructuredText.

    Raises
    ------
    jinja2.UndefinedError
        If the template uses a value that is missing.
    """
    templates = environment(template.parent, keep_trailing_newline=False)
    templates.filters["literal"] = lambda text: f":literal:`{for_rst(text)}`"
    templates.filters["plural"] = plural
    templates.filters["rst"] = for_rst
    templates.filters["model_name"] = model_name
    templates.filters["without_score"] = without_score
    templates.filters["settings"] = lambda values: ", ".join(
        for_rst(named_value(*item)) for item in values.items()
    )
    metric = config.comparison.metric
    templates.filters["percent"] = lambda value: f"{value:.1%}"
    templates.filters["score"] = lambda value: score(metric, value)
    templates.filters["score_to"] = lambda lower, upper: score_ends(metric, lower, upper)
    candidates = next(iter(studies.values())).results.candidates

    def capital(text: str) -> str:
        return for_rst(sentence_case(text, candidates))

    templates.filters["capital"] = lambda text: capital(text.removeprefix("the "))
    templates.filters["sentence"] = lambda text: capital(f"{text}.")
    described = {name: _describe(study, name, config) for name, study in studies.items()}
    page = templates.get_template(template.name).render(
        config=config,
        baselines=vars(config.baselines),
        by=METRICS[metric],
        metric_named=named(metric),
        guessed=guessed_by(metric),
        studies=described,
        networks=_networks(candidates),
        candidates=candidates,
        elsewhere=[*map(for_rst, config.predictions)],
        question=question(config),
        first_look=for_rst(first_look_sentence(config)),
        outcomes=IN_A_WORD,
    )
    return for_jinja(page)  # Snakemake renders the page as a template, too


def _describe(study: Reported, name: str, config: Config) -> dict[str, Any]:
    """Return what the template shows of a data set."""
    results, noun = study.results, config.datasets[name].row
    identifier = str(list(config.datasets).index(name))
    rates, parity = results.rows("error_rates"), results.rows("parity")
    # With the number of fits, which the table has not.
    fits = config.validation.repeats * config.validation.folds
    compared = [dataclasses.replace(row, fits=fits) for row in results.comparison.values()]
    metric, counts = results.metric, [*study.provenance["classes"].values()]
    differences = intervals(results, compared, config)
    context = Context.of(results.candidates, **context_of(config, name))
    needed = rows_to_settle(study.decision, results.rows("rows_needed"))
    left_open, rope = study.decision.left_open, config.comparison.rope
    advised = advice(
        study.decision,
        results.rows("warnings"),
        context,
        power_near(left_open.size, rates, compared, rope) if left_open else None,
    )
    return {
        "provenance": study.provenance,
        "differing": differing_sentence(parity),
        "checked": compared_sentence(parity) if parity else "",
        "implementations": implementation_notes(compared),
        "plain_advice": advised.text,
        "advice": for_rst(advised.text),
        "headline": for_rst(advised.headline),
        "settling": settling_sentence(needed, metric, noun),
        "intervals": differences,
        "models": [row for row in compared if row.same_as is None],
        "against_guess": better_than_guess(results, metric),
        "notes": notes(compared, context),
        "rope": unit_of(metric).in_words(rope),
        "forest": draw_forest(differences, rope, identifier, metric),
        "sentences": {
            **{table: sentences_of(results, table) for table in ("warnings", "nested")},
            "tuning": on_tuning(results),
        },
        **_by_others(results, counts),
        "commonest": largest_share(counts),
        "rates": draw_rates(rates_at_a_glance(rates, context)),
        "independent": context.independent,
        "simulated_sets": max((row.sets for row in rates), default=0),
        "narrow": narrow_sentences(rates, metric),
        "unlike": unlike_sentence(rates, compared, metric),
        "guessing": results.guessing[metric],
        "hard": hard_sentence(study, compared, config),
        "equal": equal_sentence(study.provenance["duplicated_rows"], noun),
        "seen_first": study.seen_first,
        "new_data": on_new_data(study, context, identifier),
    }


def _by_others(results: Results, counts: Sequence[int]) -> dict[str, object]:
    """Return what the template shows by metrics other than the metric of the study."""
    metric = results.metric
    others = others_to_show(counts, results.rows("against_guess"), metric)
    said = others_to_say(counts, metric)
    every: list[ByMetric] = results.rows("metrics")
    rows = {each: [row for row in every if row.metric == each] for each in METRICS}
    rarely = rarely_predicting(rows[BALANCED])

    def by_each(metrics: Sequence[str], write: Callable[[str], str]) -> list[str]:
        return [f"by {named(each)}, {text}" for each in metrics if (text := write(each))]

    def lacking(each: str) -> str:
        return "" if each in said else without_interval(rows[each])

    def disagreeing(each: str) -> str:
        tested, own = better_than_guess(results, each), (rows[each], results.guessing[each])
        better = [m for m, word in tested.items() if word == "better"]
        undecided = [m for m, word in tested.items() if word == UNPROVED]
        texts = [holding_a_guess(*own, better), excluding_a_guess(*own, undecided)]
        return "; ".join(filter(None, texts))

    return {
        "others": {
            METRICS[other].label: {
                r.model: score_with_interval(other, r.score) for r in rows[other]
            }
            for other in others
            if any(rows.values())
        },
        "own_lack": by_each([metric], lacking),
        "others_lack": by_each(others, lacking),
        "remarks": [
            *by_each([metric, *others], disagreeing),
            *([rarely] if rarely and BALANCED not in (metric, *others, *said) else []),
        ],
        "others_named": named(others[0]) if len(others) == 1 else "other metrics",
        "rarely": rarely,
        "guessed": listed([*dict.fromkeys(map(guessed_by, others))], "or"),
        "guesses": [score(other, results.guessing[other]) for other in others],
        "by_others": [row.verdict for other in said for row in rows[other] if row.verdict],
    }


def on_new_data(study: Reported, context: Context, identifier: str) -> dict[str, object]:
    """Return what the new data show: sentences, and a forest plot; nothing without new data."""
    results, metric = study.results, study.results.metric
    rows: list[NewScore] = [r for r in results.rows("new_data") if r.metric == metric]
    unused = [unused_sentence(study.decision.model)] if "new_data" in results and not rows else []
    lines = [
        DrawnDifference(f"{model_name(row.model)}, {where}", difference)
        for row in rows
        if row.difference and row.promised_difference
        for where, difference in (
            ("by cross-validation", row.promised_difference),
            ("on the new data", row.difference),
        )
    ]
    return {
        "sentences": [*unused, *(row.verdict for row in rows if row.verdict)],
        "warnings": sentences_of(results, "new_data_checks"),
        "forest": draw_forest(lines, context.rope, f"{identifier}-new", metric),
    }


def better_than_guess(results: Results, metric: str) -> dict[str, str]:
    """Return what a metric shows of each model, as it is, against a guess, in a word or two."""
    rows: list[Learned] = results.rows("against_guess")
    return {
        row.model: "better" if row.better else "worse" if row.worse else UNPROVED
        for row in rows
        if row.metric == metric and not row.tuned
    }


def hard_sentence(study: Reported, compared: Sequence[Compared], config: Config) -> str:
    """Say how many rows every model gets wrong in every repeat; "" if there are none."""
    results, repeated = study.results, config.validation.repeats > 1
    wrong = always_wrong(results.tables["hard_rows"], compared)
    if not wrong.rows:
        return ""
    untuned = len(wrong.models) > 1 and tuned_groups(results.candidates)
    before = "before tuning, " if untuned else ""
    total, same = len(results.tables["hard_rows"]), results.same_as
    return before + always_wrong_sentence(wrong, results.row, total, same, repeated=repeated)


def equal_sentence(groups: Sequence[Sequence[int]], noun: str) -> str:
    """Name the rows that are equal; of many their number, and the first ones. "" if none are.

    Parameters
    ----------
    groups : sequence of sequence of int
        The numbers of rows that are equal, counted from 1.
    noun : str
        What a row is.
    """
    if not groups:
        return ""
    named = ([f"{row:,}" for row in rows] for rows in groups[:MOST_EQUAL])
    examples = "; ".join(listed_first(rows, MOST_EQUAL) for rows in named)
    count = sum(map(len, groups))
    if len(groups) <= MOST_EQUAL and max(map(len, groups)) <= MOST_EQUAL:
        return f"Equal rows, all kept (their numbers, from 1): {examples}"
    return (
        f"Equal rows, all kept: {count:,} {plural(noun)} in {len(groups):,} "
        f"{'set' if len(groups) == 1 else 'sets'} of equal ones, such as {examples} (their "
        "numbers, from 1). The file data/provenance.json in the folder of the data set lists all"
    )


def one_pages(config: Config, studies: Mapping[str, Reported]) -> dict[str, Page]:
    """Return what the page to hand in says of each data set; the parameters are as in `render`."""
    return {name: _one_page(name, study, config) for name, study in studies.items()}


def findings(config: Config, studies: Mapping[str, Reported]) -> dict[str, object]:
    """Return what the end of a run says, and the report leaves out; parameters as in `render`.

    Returns
    -------
    dict
        ``first_look``, a sentence or ""; and ``datasets``: of each, by name, how implementations
        of the network are ``differing`` ("" if they are not), the ``advice``, a list of the
        ``warnings``, and what the report has ``left_out``.
    """
    described = {name: _describe(study, name, config) for name, study in studies.items()}
    return {
        "first_look": first_look_sentence(config),
        "datasets": {
            name: {
                "differing": each["differing"],
                "advice": each["plain_advice"],
                "warnings": each["sentences"]["warnings"],
                "left_out": nothing_to_show(studies[name].results),
            }
            for name, each in described.items()
        },
    }


def question(config: Config) -> str:
    """Return the question that a study with this config answers."""
    network = bool(network_models(config.models))
    what = "Does a back-propagation network" if network else "Do other models"
    return f"{what} do better than logistic regression?"


def _one_page(name: str, reported: Reported, config: Config) -> Page:
    study = _describe(reported, name, config)
    origin, validation = study["provenance"], config.validation
    noun = plural(config.datasets[name].row)
    counts = [f"{each} ({rows:,})" for each, rows in origin["classes"].items()]
    design = (
        f"{name}: {origin['rows']:,} {noun}, by class {listed_first(counts, MOST_CLASSES)}, with "
        f"{len(origin['features']):,} features, by {validation.repeats} x {validation.folds}-fold "
        "cross-validation"
    )
    sentences, narrow = study["sentences"], study["narrow"]
    unlike = [study["unlike"]] if narrow else []
    new = study["new_data"]
    caveats = [*new["sentences"], *new["warnings"], *sentences["warnings"], *narrow, *unlike]
    caveats += [*origin["notes"], study["rarely"], study["hard"], *sentences["nested"]]
    caveats += [*study["notes"], *study["implementations"]]
    distrust = f"{sentence_case(study['differing'])}. " if study["differing"] else ""
    general = (
        "intervals are 95% intervals, for the fits of this report on new rows; they and the tests "
        "take each row, or each group of rows that belong together, as one observation, with an "
        "allowance for the training; p-values are adjusted for the number of comparisons"
    )
    return Page(
        question=question(config),
        design=design,
        answer=distrust + study["plain_advice"],
        rows=study["intervals"],
        rope=config.comparison.rope,
        metric=config.comparison.metric,
        caveats=[f"{sentence_case(text, config.models)}." for text in [*caveats, general] if text],
        source=f"The data: {origin['source']}, SHA-256 {origin['sha256']}",
        first_look=first_look_sentence(config),
    )


def sentences_of(results: Results, name: str) -> list[str]:
    """Return the sentences of a table."""
    return [row.verdict for row in results.rows(name) if row.verdict]


def on_tuning(results: Results) -> list[str]:
    """Return what tuned models score by nested cross-validation; without it, how to learn that."""
    nested: list[Nested] = results.rows("nested")
    tuning: list[Tuning] = results.rows("tuning")
    if not nested and any(kept(row) > 1 for row in tuning):
        return [
            "what the best configuration of a model scores is too good, as the same rows chose it: "
            "only nested cross-validation (inner_folds in the config) says what tuning is worth"
        ]
    metric = results.metric
    scores = {row.model: row.score for row in nested if row.score and not row.same_as}
    if not scores:
        return []
    texts = [f"{model_name(m, scores)} {score_with_interval(metric, scores[m])}" for m in scores]
    name = model_name(next(iter(scores)), scores)
    texts[0] = f"{name} has {article(metric)} of{texts[0].removeprefix(name)}"
    untuned = [
        f"on these {row.fits} splits, {MODELS[BASELINE].name} has "
        f"{score(metric, row.score.value - row.difference.value)} before tuning"
        for row in nested
        if row.score and row.difference
    ]
    return [f"tuned, {listed(texts)}", *untuned[:1]]


def intervals(
    results: Results, compared: Sequence[Compared], config: Config
) -> list[DrawnDifference]:
    """Return the differences from the baseline: of the models, then of the tuned models."""
    registry = models_of(config)
    models = [
        DrawnDifference(
            model_name(row.model),
            row.difference,
            note="" if row.score else without_score(row),
            in_trouble=in_doubt(row),
            colour=registry[row.model].colour,
        )
        for row in compared
        if row.same_as is None and row.model != BASELINE
    ]
    nested: list[Nested] = results.rows("nested")
    tuned_models = [row.model for row in nested if not row.same_as]
    tuned = [
        DrawnDifference(
            f"{model_name(row.model, tuned_models)}, tuned",
            row.difference,
            colour=registry[row.model].colour,
        )
        for row in nested
        if row.difference
    ]
    return [*models, *tuned]


def _networks(candidates: Mapping[str, Sequence[Configuration]]) -> dict[str, object] | None:
    """Describe the networks: configurations, what varies among them, the reference."""
    models = network_models(candidates)
    if not models:
        return None
    every = candidates[models[0]]
    values = every[0].values()
    varied = {key for each in every for key in each.differing(every[0])}
    return {
        "configurations": len(every),
        "varied": listed([label(key) for key in HYPERPARAMETERS if key in varied]),
        "reference": ", ".join(
            named_value(key, values[key]) + (" initialisation" if key == "initialisation" else "")
            for key in named_columns([values])
        ),
    }
