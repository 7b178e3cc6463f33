"""Check config.yaml and files like it: refuse faults in plain words."""

import difflib
import itertools
import json
import math
import platform
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from backprop.config import Config
from backprop.errors import MAX_FAULTS, BackpropError, first_faults, shortened
from backprop.files import digest_of_text
from backprop.models.registry import BASELINE
from backprop.study.configurations import CONSTANTS, HYPERPARAMETERS
from backprop.study.costs import are_by_class
from backprop.study.subsets import shares_below_one
from backprop.typing import Json
from backprop.workflow.config_check.config_schema import Schema, read_schema, resolved
from backprop.workflow.config_check.reading import Place, leaves, read_yaml
from backprop.workflow.records import between_starts

ADDING = ("estimators", "predictions")  # the sections whose keys are names of models
MAX_CONFIGURATIONS = 100_000  # a run with as many is planned in seconds

ConfigSource = tuple[str, Mapping[str, object]]
"""What messages call a source of the config, and what it holds."""

Entry = Mapping[str, Json]
"""An entry of ``estimators`` in the completed config."""

Faults = Iterator[tuple[Place, str]]
"""Where a value is, and what is wrong with it: the message names both."""


def _refuse_repeated(
    validator: Any, _: bool, items: Any, schema: Schema
) -> Iterator[ValidationError]:
    """Check `uniqueItems` in linear time; jsonschema can take minutes."""
    if validator.is_type(items, "array") and _repeated(items):
        yield ValidationError("repeated")


def _repeated(items: Sequence[object]) -> list[object]:
    """Return the first item that equals an earlier one, in a list; none if all differ."""
    seen = set()
    for item in items:
        key = tuple(map(repr, item)) if isinstance(item, list) else item
        if isinstance(key, Mapping):
            continue
        if key in seen:
            return [item]
        seen.add(key)
    return []


# JSON accepts 5.0 as an integer; Python does not, in `range(5.0)`.
Validator = extend(
    Draft202012Validator,
    {"uniqueItems": _refuse_repeated},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    ),
)
FORMATS = FormatChecker(formats=())
FORMATS.checkers = {
    "printable": (lambda value: not isinstance(value, str) or value.isprintable(), ()),
    # Words that are not markup anywhere: captions and sentences use them as they are.
    "alphanumeric": (
        lambda value: all(word.isalnum() for word in re.split("[ -]", str(value))),
        (),
    ),
}


def check_config(
    config: Mapping[str, object], sources: Sequence[ConfigSource] | None = None
) -> Config:
    """Refuse a config that breaks its schema, and complete any other.

    The names of models, activations, costs and initialisations are in the library's tables.

    Parameters
    ----------
    config : mapping
    sources : sequence of ConfigSource, optional
        Where the values come from, the last source first in effect; by default config.yaml.

    Returns
    -------
    Config
        With every key that may be left out.

    Raises
    ------
    BackpropError
        One message with a line for each fault: the key, its value and what to use instead.
    """
    sections = [config.get(key) for key in ADDING] if isinstance(config, Mapping) else []
    own = [name for each in sections if isinstance(each, Mapping) for name in each]
    sources = sources or [("config.yaml", config)]
    _refuse_faults(sources, config, read_schema(own))
    full = Config.model_validate(config)
    if full.first_look and any(each.order for each in full.datasets.values()):
        full = full.changed(validation=full.validation.changed(repeats=1))  # the data are unknown
    _refuse(
        sources,
        itertools.chain(
            _same_files(full),
            _unused_models(config),
            _faults_of_estimators(untried(full.as_json()["estimators"])),
            _faults_of_constants(full),
            _faults_of_exclude(full),
            _faults_of_predictions(full),
            _faults_of_order(full),
            _faults_of_shares(full),
            _faults_of_costs(full),
        ),
    )
    for place, vary in _varied(full):
        number = math.prod(1 + len(values) for values in vary.values())
        if full.search == "grid" and number > MAX_CONFIGURATIONS:
            raise BackpropError(
                f"{_path(place)}: found a grid of {number:,} configurations; use at most "
                f"{MAX_CONFIGURATIONS:,}, or search: one_at_a_time"
            )
    return full


def _varied(config: Config) -> Iterator[tuple[Place, Mapping[str, Json]]]:
    """Return each part of the config that lists other values, and its place."""
    yield ("vary",), vars(config.vary)
    for model, entry in vars(config.baselines).items():
        yield ("baselines", model, "vary"), vars(entry.vary)
    for model, own in config.estimators.items():
        yield ("estimators", model, "vary"), own.vary


def _same_files(config: Config) -> Faults:
    """Describe names that some file systems do not distinguish: they name files."""
    for section, names in (("models", config.models), ("datasets", config.datasets)):
        first: dict[str, str] = {}
        for name in names:
            if (other := first.setdefault(name.casefold(), name)) != name:
                what = f"found {other} and {name}, which differ only in case"
                yield (section,), f"{what}; use names that differ in more, as they name files"


def _faults_of_constants(config: Config) -> Faults:
    """Describe values of a constant of an optimiser that no configuration has."""
    vary, is_grid = config.vary, config.search == "grid"
    tried = [config.reference.optimiser, *(vary.optimiser if is_grid else [])]
    for key in CONSTANTS:
        owner = HYPERPARAMETERS[key].optimiser
        if getattr(vary, key) and owner not in tried:
            why = f"as no configuration with these values has the optimiser {owner}"
            yield ("vary", key), f"has no effect, {why}; use reference.optimiser: {owner}"
        for number, changes in enumerate(config.also):
            if key in changes and changes.get("optimiser", config.reference.optimiser) != owner:
                yield ("also", number, key), f"has no effect; name optimiser: {owner} with it"


def _faults_of_exclude(config: Config) -> Faults:
    """Describe two lists of the columns that are features: each says it all."""
    for dataset, entry in config.datasets.items():
        if entry.exclude and entry.features is not None:
            place = ("datasets", dataset, "exclude")
            yield place, "found together with `features`; use one of the two"


def _faults_of_predictions(config: Config) -> Faults:
    """Describe files of predictions that are not of one model, or not one for each data set."""
    datasets = list(config.datasets)
    for model, files in config.predictions.items():
        place = ("predictions", model)
        if model in config.estimators:
            yield place, "is in `estimators`, too; use another name"
        example = f"{model}: {{{', '.join(f'{name}: {name}.csv' for name in datasets[:2])}}}"
        if isinstance(files, str):
            if len(datasets) > 1:
                what = f"found {len(datasets)} data sets, and a file has the rows of one"
                yield place, f"{what}; use a file for each, such as {example}"
        elif set(files) != set(datasets):
            what = f"found files of {shortened(', '.join(files)) or 'none'}"
            yield place, f"{what}; use one of each data set, such as {example}"


def _faults_of_order(config: Config) -> Faults:
    """Describe what is not possible if the folds of a data set are blocks in an order."""
    repeats, gap = config.validation.repeats, config.validation.gap
    if gap and not any(entry.order for entry in config.datasets.values()):
        what = f"found {gap} without an order of rows"
        yield ("validation", "gap"), f"{what}; use `order` of a data set, or leave `gap` out"
    for dataset, entry in config.datasets.items():
        if entry.order is None:
            continue
        place, start = ("datasets", dataset, "order"), "found together with"
        if entry.groups is not None:
            yield place, f"{start} `groups`; use one of the two"
        if entry.duplicates == "together":
            line = f"{start} `duplicates: together`, but equal rows may be far apart in the order"
            yield place, f"{line}; use duplicates: keep"
        if repeats > 1:
            line = f"{start} {repeats} repeats; blocks in an order are the same in each repeat"
            yield place, f"{line}; use validation.repeats: 1"


def _faults_of_shares(config: Config) -> Faults:
    """Describe shares of the training sets that leave no rows out."""
    shares = config.learning.shares
    if shares and not shares_below_one(shares):
        what = f"found {_shown(shares)}"
        yield ("learning", "shares"), f"{what}; name a share below 1, too, such as 0.5"


def _faults_of_costs(config: Config) -> Faults:
    """Describe costs that are neither of two classes nor of the names of classes, and a threshold.

    A threshold follows from costs, and a right decision costs nothing.
    """
    costs, place = config.comparison.costs or {}, ("comparison", "costs")
    if costs and config.comparison.threshold is not None:
        yield ("comparison", "threshold"), "found together with `costs`; use one of the two"
    if are_by_class(costs):
        for name in (name for name, row in costs.items() if name in row):
            what = f"found {_shown(costs[name][name])}, the cost of a right decision"
            yield (*place, name, name), f"{what}; leave it out, as it is 0"
        return
    two = ("missed", "false_alarm")
    for key in dict.fromkeys([*costs, *two]):
        if key not in two:
            yield (*place, key), _unknown(key, two)
        elif isinstance(own := costs.get(key), Mapping) or not own:
            yield (*place, key), f"found {_shown(own)}; use a number, more than 0"


def _unused_models(config: Mapping[str, Json]) -> Faults:
    """Describe models that are not compared. The config is as it was written."""
    for section in filter(config.__contains__, ("baselines", *ADDING)):
        for model in config[section]:
            if model not in config["models"]:
                yield (section, model), "not in `models`; add it there, or remove it here"


def untried(estimators: Mapping[str, Entry]) -> dict[str, Entry]:
    """Return the entries that are not known to be without faults."""
    known = between_starts.recall("estimators")
    return {name: entry for name, entry in estimators.items() if _key_of(entry) not in known}


def remember_tried(entries: Iterable[Entry]) -> None:
    """Remember that entries are without faults, until a version or the check changes."""
    if new := {_key_of(entry): "" for entry in entries}:
        between_starts.remember("estimators", between_starts.recall("estimators") | new)


def _key_of(entry: Entry) -> str:
    code = [Path(__file__).with_name(f"{name}.py") for name in ("checks", "classifiers")]
    versions = [platform.python_version(), version("numpy"), version("scikit-learn")]
    texts = [file.read_text(encoding="utf-8") for file in code]
    return digest_of_text(json.dumps([entry, versions, texts], default=repr))


def _faults_of_estimators(estimators: Mapping[str, Entry]) -> Faults:
    """Compare entries of ``estimators`` with their classes, and remember those without faults."""
    every = {
        model: [*_faults_of_estimator(("estimators", model), entry)]
        for model, entry in estimators.items()
    }
    remember_tried(estimators[model] for model, faults in every.items() if not faults)
    yield from itertools.chain.from_iterable(every.values())


def _faults_of_estimator(place: Place, entry: Entry) -> Faults:
    """Compare an entry of ``estimators`` with its class, and try one without faults."""
    from backprop.workflow.config_check import (
        classifiers,  # imports scikit-learn, in most of a second
    )

    allowed_classes = classifiers.allowed_classes()
    if entry["class"] not in allowed_classes:
        own = entry["class"].rpartition(".")[2]
        # SCV is like SVC; OneVsRestClassifier and RidgeClassifier have only an ending in common.
        ours = {
            name.rpartition(".")[2].removesuffix("Classifier"): name for name in allowed_classes
        }
        hint = _nearest(own.removesuffix("Classifier"), ours, ours.__getitem__)
        remedy = "use a classifier of scikit-learn that needs no other estimator, such as"
        what = f"found {_shown(entry['class'])}{hint}"
        yield (*place, "class"), f"{what}; {remedy} sklearn.svm.SVC"
        return
    classifier = allowed_classes[entry["class"]]
    known, reference = classifiers.parameters_of(classifier), entry["reference"]
    faults = [*_faults_of_values(place, entry, classifier)]
    for key in entry["vary"]:
        if key in known and key not in reference:
            default = f"(scikit-learn's default is {_shown(known[key])})"
            what = f"missing; it is the value that those in `vary` replace {default}"
            faults.append(((*place, "reference", key), what))
    yield from faults
    if not faults and (reason := classifiers.trial(classifier, reference)):
        yield place, f"{entry['class']} refuses {_shown(reference)}: {reason}"


def _faults_of_values(place: Place, entry: Entry, classifier: Json) -> Faults:
    """Compare the parameters and their values in an entry of ``estimators`` with its class."""
    from backprop.workflow.config_check import classifiers

    known, reference = classifiers.parameters_of(classifier), entry["reference"]
    values = [((*place, "reference", key), v) for key, v in reference.items()]
    values += [
        ((*place, "vary", key, number), each)
        for key, others in entry["vary"].items()
        for number, each in enumerate(others)
    ]
    for where, each in values:
        key = str(where[3])
        if key in classifiers.OURS:
            yield where[:4], f"leave it out: {classifiers.OURS[key]}"
        elif key not in known:
            yield where[:4], _unknown(key, list(known))
        elif each == (own := reference.get(key)) and type(each) is not type(own):  # 1.0 and 1
            what = f"found {_shown(each)}, which counts as the {_shown(own)} of `reference`"
            yield where, f"{what}; use another value"
        elif accepted := classifiers.refusal(classifier, key, each):
            quoted = {"enum": re.findall("'(.*?)'", accepted)}
            hint = _remedy(each, quoted | {"type": ["integer"] if "an int" in accepted else []})
            yield where, f"found {_shown(each)}{hint}; use {accepted}"


def check_known_answers(file: Path, schema_file: Path, features: int | None) -> None:
    """Refuse a file of known answers that breaks its schema.

    Parameters
    ----------
    file, schema_file : Path
    features : int, optional
        How many features the data set has, if that is known.

    Raises
    ------
    BackpropError
        As `check_config`.
    """
    # By libyaml if PyYAML has it: at each start, Python's parser would be felt.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    schema = yaml.load(schema_file.read_text(encoding="utf-8"), loader)
    if features is not None:
        for name, size in (("features", features), ("coefficients", features + 1)):
            schema["$defs"][name] |= {"minItems": size, "maxItems": size}
    content = read_yaml(file)
    _refuse_faults([(str(file), content)], content, resolved(schema, schema["$defs"]))


def _refuse_faults(
    sources: Sequence[ConfigSource], content: Mapping[str, object], schema: Schema
) -> None:
    errors = Validator(schema, format_checker=FORMATS).iter_errors(content)
    in_order = sorted(errors, key=lambda error: [*map(str, error.absolute_path)])
    not_finite = (
        (place, f"found {shortened(value)}; use a finite number")
        for place, value in leaves(content)
        if _is_infinite_or_nan(value)
    )
    _refuse(sources, itertools.chain(*map(_faults, in_order), not_finite))


def _refuse(sources: Sequence[ConfigSource], faults: Iterable[tuple[Place, str]]) -> None:
    """Raise an error that describes the first faults, if there are any."""
    every = [*dict.fromkeys(faults)]
    blocks: dict[str, list[str]] = {name: [] for name, _ in sources}
    for place, what in every[:MAX_FAULTS]:
        one_line = f"{_path(place) or 'the file'}: {what}".replace("\n", r"\n")
        blocks[_origin(place, sources)].append(f"  {one_line}")
    lines = []
    for name, faulty in blocks.items():
        lines += [f"{name} is not valid:", *faulty] if faulty else []
    if lines:
        more = [f"  {rest}" for rest in first_faults(every)[MAX_FAULTS:]]
        raise BackpropError("\n".join(lines + more))


def _origin(place: Place, sources: Sequence[ConfigSource]) -> str:
    """Return the source that has the last word on a value, or on its section if it is missing."""
    for end in range(len(place), 0, -1):
        for name, content in reversed(sources):
            if _has(content, place[:end]):
                return name
    return sources[0][0]


def _has(content: object, place: Place) -> bool:
    for step in place:
        if not isinstance(content, Mapping):  # a list, which replaces earlier ones as a whole
            break
        if step not in content:
            return False
        content = content[step]
    return True


def _path(place: Place) -> str:
    path = ""
    for step in place:
        own = f", item {step + 1}" if isinstance(step, int) else f"{'.' if path else ''}{step}"
        path += shortened(own)
    return path


def _is_infinite_or_nan(value: object) -> bool:
    try:
        return isinstance(value, int | float) and not math.isfinite(value)
    except OverflowError:  # an integer of hundreds of digits
        return True


def _faults(error: ValidationError) -> Faults:
    """Describe the faults of one value, one for each key."""
    place, schema, value = tuple(error.absolute_path), error.schema, error.instance
    if error.validator == "additionalProperties":
        known = list(schema["properties"])
        for key in value:
            if key not in known:
                yield (*place, str(key)), _unknown(key, known)
    elif error.validator == "required":
        for key in schema["required"]:
            if key not in value:
                meaning = schema["properties"][key]["description"] if "properties" in schema else ""
                yield (*place, key), f"missing; it is {meaning}"
    elif error.validator == "contains":
        yield place, f"{_shown(value)} lacks `{BASELINE}`, which the others are compared with"
    elif error.validator == "uniqueItems":
        (item,) = _repeated(value)
        yield place, f"{_shown(item)} is in the list more than once; use each value once"
    else:
        meaning = f" ({schema['description']})" if schema.get("description") else ""
        what = f"found {_shown(value)}{_remedy(value, schema)}"
        yield place, f"{what}; use {expected(schema)}{meaning}"


def _unknown(key: object, known: Sequence[str]) -> str:
    return f"unknown key{_nearest(key, known)}; use one of {', '.join(known)}"


def _remedy(value: object, schema: Schema) -> str:
    """Return what to write instead, if it can be guessed."""
    if not isinstance(value, str):
        return ""
    if value == "None":
        return " (YAML reads it as text: write null)"
    if re.fullmatch(r"0\d+", value) and "type" in schema and "string" not in schema["type"]:
        return f" (YAML reads it as text: write {value.lstrip('0') or 0})"
    if number := re.fullmatch(r"([-+]?\d+)(\.\d*)?[eE]([-+]?)(\d+)", value):
        mantissa, fraction, sign, exponent = number.groups()
        better = f"{mantissa}{fraction or '.0'}e{sign or '+'}{exponent}"
        if "integer" in schema.get("type", []) and float(value).is_integer():
            better = f"{float(value):.0f}"
        return f" (YAML reads it as text: write {better})"
    return _nearest(value, schema["enum"]) if "enum" in schema else ""


def _nearest(name: object, known: Iterable[str], shown: Callable[[str], str] = str) -> str:
    near = difflib.get_close_matches(str(name), list(known), n=1)
    return f" (did you mean {shown(near[0])}?)" if near else ""


def _shown(value: object) -> str:
    text = "nothing" if value is None else json.dumps(value, default=str, ensure_ascii=False)
    return shortened(text)


def expected(schema: Schema) -> str:
    """Describe the constraints of a schema, as messages and the documentation do."""
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    names = {
        "array": "a list",
        "object": "a mapping of keys to values",
        "string": "a text",
        "number": "a number",
        "integer": "a whole number",
        "boolean": "true or false",
        "null": "null",
    }
    kinds = schema.get("type", [])
    words = " or ".join(names[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))
    limits = {
        "minimum": "at least {}",
        "maximum": "at most {}",
        "exclusiveMinimum": "more than {}",
        "exclusiveMaximum": "less than {}",
        "minItems": "with at least {} item",
        "maxItems": "with at most {} items",
        "minProperties": "with at least {} key",
        "minLength": "not empty",
        "maxLength": "of at most {} characters",
        "$comment": "{}",  # the pattern in words
        "format": "of {} characters",
        "not": "other than {}",
    }
    shown = {key: ", ".join(v["enum"]) if key == "not" else v for key, v in schema.items()}
    return ", ".join(
        [words or "a text", *(w.format(shown[k]) for k, w in limits.items() if k in schema)]
    )
