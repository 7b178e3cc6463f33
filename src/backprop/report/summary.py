"""The landing page of the report, rendered from a template."""

import dataclasses
from base64 import encodebytes
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from backprop.config import Config
from backprop.escaping import for_jinja, for_rst
from backprop.models.registry import (
    BASELINE,
    MODELS,
    is_network,
    models_of,
    network_models,
    tuned_groups,
)
from backprop.report.drawn_differences import UNADJUSTED, DrawnDifference
from backprop.report.figures.forest import pictures_of
from backprop.report.figures.one_page import Page
from backprop.report.rate_lines import draw_rates
from backprop.report.rendering import environment
from backprop.report.wording.amounts import (
    article,
    named,
    score,
    score_ends,
    score_with_interval,
    unit_of,
    unit_on_axis,
)
from backprop.report.wording.comparison import implementation_notes, notes
from backprop.report.wording.error_rates import (
    narrow_sentences,
    rates_at_a_glance,
    simulations,
    unlike_sentence,
)
from backprop.report.wording.first_look import first_look_sentence
from backprop.report.wording.hard_rows import always_wrong_sentence
from backprop.report.wording.metrics import (
    excluding_a_guess,
    holding_a_guess,
    rarely_predicting,
    unequal_sentence,
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
from backprop.report.wording.recommendation import Advice, advice
from backprop.report.wording.rows import Context, context_of, without_score
from backprop.statistics.criteria import excludes_zero_unadjusted, in_doubt
from backprop.statistics.guessing import LEVEL
from backprop.statistics.hard_rows import always_wrong
from backprop.statistics.left_out_items import nothing_to_show
from backprop.statistics.other_metrics import others_to_say, others_to_show
from backprop.statistics.recommendation import Recommendation, rows_to_settle
from backprop.statistics.results import Results
from backprop.statistics.review import Warned
from backprop.statistics.tables import (
    ByMetric,
    Compared,
    Learned,
    Nested,
    NewScore,
    Tuning,
)
from backprop.statistics.training_sizes import rough_rows_needed
from backprop.statistics.tuning import kept
from backprop.study.configurations import HYPERPARAMETERS, Configuration, named_columns
from backprop.study.metrics import METRICS
from backprop.typing import Json

BALANCED = "balanced_accuracy"  # a model without its interval predicts a class for very few rows
UNPROVED = "not shown to be better"
NONE = "\N{EN DASH}"  # in a cell of a table
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
    warnings : sequence of Warned
        With their sentences.
    provenance : mapping
        Where the data are from.
    seen_first : sequence of str
        The items of the report to name first.
    picture : bytes
        Of the data, as SVG; empty in a first look.
    """

    results: Results
    decision: Recommendation
    warnings: Sequence[Warned]
    provenance: Mapping[str, Json]
    seen_first: Sequence[str]
    picture: bytes = b""


@dataclass(frozen=True)
class OtherMetrics:
    """What the first page shows by other metrics than the one of the study.

    Texts are without their full stops.

    Attributes
    ----------
    title : str
        The metrics of the second table.
    table : list of list of str
        Its rows, the head first; without metrics to show there, none.
    own_lack, others_lack : list of str
        Of which models the metric of the study, and the others, have no interval.
    remarks : list of str
        Where an interval and a test against a guess seem to disagree.
    rarely : str
        Which models predict a class for very few rows.
    unequal : list of str
        What other metrics say if the classes are unequal.
    """

    title: str
    table: list[list[str]]
    own_lack: list[str]
    others_lack: list[str]
    remarks: list[str]
    rarely: str
    unequal: list[str]


@dataclass(frozen=True)
class FirstPage:
    """What is said first of a data set: by the landing page, the page to hand in, the terminal.

    Texts are not escaped, and without their full stops, but for the advice; "" or an empty list if
    there is nothing to say. Names of models in tables are escaped for reStructuredText.

    Attributes
    ----------
    reported : Reported
    differing, checked, implementations : str, str, list of str
        How implementations of the network differ, that they were compared, and what they share.
    advice : Advice
    differences : list of DrawnDifference
        From the baseline, which `forest` shows.
    notes, warnings : list of str
    scores : list of list of str
        The rows of the table of models, the head first.
    tuning, nested : list of str
        What tuned models score, and how they compare.
    by : OtherMetrics
    reliability, rates : str
        A heading, and the picture of error rates below it.
    narrow, unlike : list of str, str
        Which intervals are too narrow in simulated data, and how those are unlike the data.
    hard, equal : str
        The rows that every model gets wrong, and the rows that are equal.
    new_data : list of str
    forest, new_forest : str
        Pictures: SVG.
    picture : str
        Of the data: SVG in Base64, in lines that reStructuredText allows.
    """

    reported: Reported
    differing: str
    checked: str
    implementations: list[str]
    advice: Advice
    differences: list[DrawnDifference]
    notes: list[str]
    warnings: list[str]
    scores: list[list[str]]
    tuning: list[str]
    nested: list[str]
    by: OtherMetrics
    reliability: str
    rates: str
    narrow: list[str]
    unlike: str | None
    hard: str
    equal: str
    new_data: list[str]
    forest: str
    new_forest: str
    picture: str


def render(
    template: Path, config: Config, name: str, page: FirstPage, *, of_several: bool = False
) -> str:
    """Render the landing page of a data set.

    Parameters
    ----------
    template : Path
        A Jinja template in reStructuredText.
    config : Config
    name : str
        Of the data set.
    page : FirstPage
    of_several : bool, default=False
        Whether the study has more of them: then each has a report of its own.

    Returns
    -------
    str
        reStructuredText.

    Raises
    ------
    jinja2.UndefinedError
        If the template uses a value that is missing.
    """
    metric = config.comparison.metric
    candidates = page.reported.results.candidates
    templates = environment(template.parent, keep_trailing_newline=False)
    templates.filters |= {
        "literal": lambda text: f":literal:`{for_rst(text)}`",
        "plural": plural,
        "rst": for_rst,
        "model": lambda model: _in_cell(model, candidates),
        "settings": lambda values: ", ".join(
            for_rst(named_value(*item)) for item in values.items()
        ),
        "sentence": lambda text: for_rst(sentence_case(f"{text}.", candidates)),
    }
    text = templates.get_template(template.name).render(
        config=config,
        name=name,
        entry=config.datasets[name],
        study=page,
        of_several=of_several,
        up="../" * of_several,  # to the results, if the report is where `backprop run` writes it
        baselines=vars(config.baselines),
        by=METRICS[metric],
        metric_named=named(metric),
        rope=unit_of(metric).in_words(config.comparison.rope),
        networks=_networks(candidates),
        candidates=candidates,
        elsewhere=[*map(for_rst, config.predictions)],
        question=question(config),
        level=f"{100 * LEVEL:.3g}%",
        unadjusted=UNADJUSTED,
        first_look=for_rst(first_look_sentence(config)),
    )
    return for_jinja(text)  # Snakemake renders the page as a template, too


def _in_cell(model: str, candidates: Collection[str]) -> str:
    """Return the name of a model as the first words of a cell or a sentence."""
    return for_rst(sentence_case(model_name(model).removeprefix("the "), candidates))


def first_page(study: Reported, name: str, config: Config) -> FirstPage:
    """Return what is said first of a data set."""
    results = study.results
    rates, parity = results.rows("error_rates"), results.rows("parity")
    # With the number of fits, which the table has not.
    fits = config.validation.repeats * config.validation.folds
    compared = [dataclasses.replace(row, fits=fits) for row in results.comparison.values()]
    models = [row for row in compared if row.same_as is None]
    metric, rope = results.metric, config.comparison.rope
    context = Context.of(results.candidates, **context_of(config, name))
    entry = config.datasets[name]
    # Rows in time are not independent, as those that are drawn for this number are.
    counted = results.rows("rows_needed") or rough_rows_needed(compared, metric, rope)
    needed = None if entry.order else rows_to_settle(study.decision, counted)
    differences, new_differences = intervals(results, compared, config), on_new_rows(results)
    return FirstPage(
        reported=study,
        differing=differing_sentence(parity),
        checked=compared_sentence(parity) if parity else "",
        implementations=implementation_notes(compared),
        advice=advice(study.decision, study.warnings, context, needed),
        differences=differences,
        notes=notes(compared, context),
        warnings=[
            each.sentence  # those to act on first are in the advice
            for each in study.warnings
            if each.sentence and each.check not in study.decision.first
        ],
        scores=_scores(results, models),
        tuning=on_tuning(results),
        nested=sentences_of(results, "nested"),
        by=_other_metrics(study, models),
        reliability=simulations(rates, context),
        rates=draw_rates(rates_at_a_glance(rates, context)),
        narrow=narrow_sentences(rates, metric),
        unlike=unlike_sentence(rates, compared, metric),
        hard=hard_sentence(study, compared, config),
        equal=equal_sentence(study.provenance["duplicated_rows"], context.noun),
        new_data=on_new_data(study),
        forest=pictures_of(differences, rope, "forest", metric),
        new_forest=pictures_of(new_differences, rope, "forest-new", metric),
        picture=encodebytes(study.picture).decode().strip(),
    )


def _scores(results: Results, models: Sequence[Compared]) -> list[list[str]]:
    metric, tested = results.metric, better_than_guess(results, results.metric)
    head = [METRICS[metric].label, "95% interval", "Against logistic regression", "Against a guess"]
    rows = [["Model", *head]]
    for row in models:
        own = (
            [score(metric, row.score.value), score_ends(metric, row.score.lower, row.score.upper)]
            if row.score
            else [without_score(row), NONE]
        )
        outcome = row.outcome or NONE
        name = _in_cell(row.model, results.candidates)
        rows.append([name, *own, IN_A_WORD.get(outcome, outcome), tested.get(row.model, NONE)])
    guess = score(metric, results.guessing[metric])
    return [*rows, [f"A guess: always {guessed_by(metric)}", guess, *[NONE] * 3]]


def _other_metrics(study: Reported, models: Sequence[Compared]) -> OtherMetrics:
    results, metric = study.results, study.results.metric
    counts = [*study.provenance["classes"].values()]
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

    def cells(model: str) -> list[str]:
        scores = [{row.model: row.score for row in rows[each]} for each in others]
        return [
            score_with_interval(each, own[model]) if model in own else NONE
            for each, own in zip(others, scores, strict=True)
        ]

    guessed = listed([*dict.fromkeys(map(guessed_by, others))], "or")
    table = [
        ["Model", *(METRICS[each].label for each in others)],
        *([_in_cell(row.model, results.candidates), *cells(row.model)] for row in models),
        [f"A guess: {guessed}", *(score(each, results.guessing[each]) for each in others)],
    ]
    unequal = [row.verdict for other in said for row in rows[other] if row.verdict]
    unequal += [_like_a_guess(results, each) for each in said if _only_ahead(results, rows[each])]
    return OtherMetrics(
        named(others[0]) if len(others) == 1 else "other metrics",
        table if others and every else [],
        by_each([metric], lacking),
        by_each(others, lacking),
        [
            *by_each([metric, *others], disagreeing),
            *([rarely] if rarely and BALANCED not in (metric, *others, *said) else []),
        ],
        rarely,
        unequal and [unequal_sentence(counts, results.row), *unequal],
    )


def _only_ahead(results: Results, rows: Sequence[ByMetric]) -> bool:
    """Return whether models are better than the baseline by a metric, and none than a guess."""
    ahead = [row.metric for row in rows if row.outcome == "better"]
    return bool(ahead) and "better" not in better_than_guess(results, ahead[0]).values()


def _like_a_guess(results: Results, metric: str) -> str:
    return (
        f"a model that is better than {MODELS[BASELINE].name} need not be better than a guess, "
        f"which has {article(metric)} of {score(metric, results.guessing[metric])}; none is shown "
        "to be"
    )


def _new_scores(results: Results) -> list[NewScore]:
    return [row for row in results.rows("new_data") if row.metric == results.metric]


def on_new_data(study: Reported) -> list[str]:
    """Return what the new data show, and the warnings of them; nothing without new data."""
    results, rows = study.results, _new_scores(study.results)
    unused = [unused_sentence(study.decision.model)] if "new_data" in results and not rows else []
    said = [*unused, *(row.verdict for row in rows if row.verdict)]
    return [*said, *sentences_of(results, "new_data_checks")]


def on_new_rows(results: Results) -> list[DrawnDifference]:
    """Return the differences from the baseline on new data, each after what was promised."""
    return [
        DrawnDifference(f"{model_name(row.model)}, {where}", difference)
        for row in _new_scores(results)
        if row.difference and row.promised_difference
        for where, difference in (
            ("by cross-validation", row.promised_difference),
            ("on the new data", row.difference),
        )
    ]


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


def findings(config: Config, name: str, page: FirstPage) -> dict[str, object]:
    """Return what the end of a run and an index say, and what the report leaves out.

    Returns
    -------
    dict
        The ``question``; the ``unit`` of differences, as on an axis; ``first_look``, a sentence or
        ""; ``across``, an empty list; and ``datasets``, by its name: how implementations of the
        network are ``differing`` ("" if they are not), the ``headline`` and the ``advice``, the
        ``differences`` of the networks (without any, of the first model) from logistic regression
        with their intervals, a list of the ``warnings``, and what the report has ``left_out``.
    """
    unit = unit_of(config.comparison.metric)
    models = [
        row
        for row in page.reported.results.comparison.values()
        if row.same_as is None and row.model != BASELINE
    ]
    networks = [row for row in models if is_network(row.model)]
    study = {
        "differing": page.differing,
        "headline": page.advice.headline,
        "advice": " ".join(page.advice.purposes),
        "differences": {
            row.model: row.difference
            and [
                unit.amount(row.difference.value, "+"),
                unit.ends(row.difference.lower, row.difference.upper),
            ]
            for row in networks or models[:1]
        },
        "warnings": page.warnings,
        "left_out": nothing_to_show(page.reported.results, page.warnings),
    }
    return {
        "question": question(config),
        "unit": unit_on_axis(config.comparison.metric),
        "first_look": first_look_sentence(config),
        "across": [],
        "datasets": {name: study},
    }


def question(config: Config) -> str:
    """Return the question that a study with this config answers."""
    network = bool(network_models(config.models))
    what = "Does a back-propagation network" if network else "Do other models"
    return f"{what} do better than logistic regression?"


def one_page(name: str, page: FirstPage, config: Config) -> Page:
    """Return what the page to hand in says of a data set."""
    origin, validation = page.reported.provenance, config.validation
    noun = plural(config.datasets[name].row)
    by_size = sorted(origin["classes"].items(), key=lambda each: -each[1])
    counts = [f"{each} ({rows:,})" for each, rows in by_size]
    design = (
        f"{name}: {origin['rows']:,} {noun}, by class {listed_first(counts, MOST_CLASSES)}, with "
        f"{len(origin['features']):,} features, by {validation.repeats} x {validation.folds}-fold "
        "cross-validation"
    )
    details = " ".join(page.advice.details).removesuffix(".")
    caveats: list[str | None] = [details, *page.new_data, *page.warnings, *page.narrow]
    caveats += [
        page.unlike if page.narrow else "",
        *origin["notes"],
        page.by.rarely,
        page.hard,
        *page.nested,
    ]
    caveats += [*page.notes, *page.implementations]
    distrust = f"{sentence_case(page.differing)}. " if page.differing else ""
    general = (
        "intervals are 95% intervals, for the fits of this report on new rows; they and the tests "
        "take each row, or each group of rows that belong together, as one observation, with an "
        "allowance for the training; p-values are adjusted for the number of comparisons"
    )
    return Page(
        question=question(config),
        design=design,
        answer=distrust + " ".join(page.advice.purposes),
        rows=page.differences,
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
            "these are scores of references, which are fixed beforehand. The score of a best "
            "configuration, in other tables and figures, is too good, as the same rows chose it: "
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
            unadjusted=excludes_zero_unadjusted(row),
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
            unadjusted=excludes_zero_unadjusted(row),
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
