"""What the result of a job depends on besides its inputs: our code, and the packages it imports.

Snakemake tracks neither. Both are derived here from the import graph, and become part of a job's
parameters. Code counts by a digest of its syntax tree, without comments, docstrings and messages;
templates count as they are.
For a job that computes numbers, labels and other words for readers do not count either, see
`digest_of_code`.
"""

import ast
import itertools
import json
import platform
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

import grimp

import backprop
from backprop.files import digest, digest_of_text
from backprop.folders import packages_of
from backprop.typing import Json
from backprop.workflow.jobs import PYTHON
from backprop.workflow.records import between_starts
from backprop.workflow.records.job_records import JobParameters

PACKAGE = "backprop"
PLUMBING = f"{PACKAGE}.workflow"  # decides when and where a job runs, never what it computes
OTHER_NAMES = {"sklearn": "scikit-learn", "yaml": "PyYAML"}  # of their distributions
LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical"}


class Dependencies:
    """The dependencies of the scripts and the modules of one copy of the project.

    Parameters
    ----------
    root : Path
        The directory of the Snakefile.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._digests: dict[tuple[Path, bool], str] = {}
        self._known, self._used = between_starts.recall("code"), dict[str, str]()
        self._decisive: dict[object, dict[str, object]] = {}
        self._together: dict[tuple[str, ...], set[str]] = {}

    def of_job(self, script: str, *modules: str, words: bool = False) -> dict[str, object]:
        """Return the code and the versions that a job depends on.

        Parameters
        ----------
        script : str
            The name of a file in workflow/scripts, without its ending; "" for none.
        *modules : str
            Modules that the script imports by their names, which are among its parameters.
        words : bool
            Whether the job's results show labels and other words for readers. They then count.

        Returns
        -------
        dict
            ``code``, a digest, and ``versions``, by package.
        """
        key = script, modules, words  # the same for many jobs of a large grid
        if key not in self._decisive:
            scripts = [script] if script else []
            self._decisive[key] = {
                "code": _joined(self.code(scripts, modules, words=words)),
                "versions": self.versions(scripts, modules),
            }
        return self._decisive[key]

    def declare(
        self, script: str, *modules: object, words: bool = False, **values: object
    ) -> Callable[[object], JobParameters]:
        """Return the parameter ``job`` of a rule: a function of the wildcards of a job.

        It is what its jobs depend on except their input files.

        Parameters
        ----------
        script, *modules, words
            As `of_job` takes them.
        **values
            What else the script needs: values that JSON can hold. What depends on the job is a
            function of its wildcards: of values, or one that returns several modules.
        """

        def parameters(wildcards: object) -> JobParameters:
            def of_job(value: object) -> Json:
                return value(wildcards) if callable(value) else value

            named = [of_job(each) if callable(each) else [each] for each in modules]
            code = self.of_job(script, *itertools.chain(*named), words=words)
            return JobParameters.of(code, **{key: of_job(value) for key, value in values.items()})

        return parameters

    def of_modules(self, *modules: str) -> dict[str, object]:
        """Return the code and the versions that the functions of some modules depend on.

        As `of_job`, but for what computes a result, without the script that reads and writes it.
        """
        return self.of_job("", *modules)

    def code(
        self, scripts: Iterable[str], modules: Iterable[str], *, words: bool = False
    ) -> dict[str, str]:
        """Return the digests of scripts, of modules, and of all modules that they import, by name.

        Their templates, style sheets and JavaScript are among them. `words` is as in `of_job`.
        """
        folder = self._root / "workflow/scripts"
        files = {script: folder / f"{script}.py" for script in scripts}
        imported = self._imports_of_all(scripts, modules)
        files |= {name: file for name, file in self._decisive_files.items() if name in imported}
        digests = {name: self._digest(file, words) for name, file in files.items()}
        for name in files.keys() & self._not_python.keys():
            digests |= self._not_python[name]
        return digests

    def versions(self, scripts: Iterable[str], modules: Iterable[str]) -> dict[str, str]:
        """Return the versions of Python and of the packages that scripts and modules import."""
        imported = self._imports_of_all(scripts, modules)
        packages = {name for name in imported if name.split(".")[0] != PACKAGE}
        releases = {_release(name) for name in packages - sys.stdlib_module_names}
        return {"python": PYTHON, **dict(sorted(releases))}

    def environment(self, scripts: Iterable[str], modules: Iterable[str]) -> dict[str, Json]:
        """Return the versions of Python and of the packages, as `versions`, and the platform.

        The kernel is no part of it: no number depends on it.
        """
        versions = self.versions(scripts, modules)
        return {
            "python": platform.python_version(),
            "platform": "-".join([platform.system(), platform.machine(), *platform.libc_ver()]),
            "packages": {name: versions[name] for name in versions.keys() - {"python"}},
        }

    def rules(self) -> dict[str, str]:
        """Return the digests of the files with the rules, and of the code with the defaults."""
        files = [self._root / "Snakefile", *sorted(self._root.glob("workflow/rules/*.smk"))]
        defaults = packages_of(self._root) / PACKAGE / "config.py"
        code = {defaults.name: self._digest(defaults, words=False)}
        return {file.name: digest(file) for file in files} | code

    def _imports_of_all(self, scripts: Iterable[str], modules: Iterable[str]) -> set[str]:
        names = *(f"{script}.py" for script in scripts), *modules  # the same for many data sets
        if names not in self._together:
            self._together[names] = set().union(*map(self._with_imports, names))
        return self._together[names]

    @cached_property
    def _decisive_files(self) -> dict[str, Path]:
        """The files of our modules and packages that can decide what a job computes, by name."""
        src = packages_of(self._root)
        paths_of = {file.relative_to(src): file for file in (src / PACKAGE).rglob("*.py")}
        files = {
            ".".join(path.with_suffix("").parts).removesuffix(".__init__"): file
            for path, file in paths_of.items()
        }
        return {n: file for n, file in files.items() if not f"{n}.".startswith(f"{PLUMBING}.")}

    @cached_property
    def _not_python(self) -> dict[str, dict[str, str]]:
        """The digests of files that are not Python, by the module or package that they belong to.

        A file in a folder `templates` has the name of its module; others are in their package.
        """
        digests: dict[str, dict[str, str]] = {}
        src = packages_of(self._root)
        for file in sorted((src / PACKAGE).glob("*/*/*")):
            owner = file.parent
            if owner.name == "templates":
                owner = owner.with_name(file.name.split(".")[0])
            elif file.suffix != ".html":
                continue
            name = ".".join(owner.relative_to(src).parts)
            digests.setdefault(name, {})[file.name] = digest(file)
        return digests

    def _digest(self, file: Path, words: bool) -> str:
        """Return `digest_of_code`, if possible from an earlier start: for all files it is slow."""
        if (file, words) not in self._digests:
            source = file.read_text(encoding="utf-8")
            if words and "Shown" not in source:  # both digests are one: save time at each start
                own = self._digest(file, False)
            else:
                key = digest_of_text(f"{self._method}{words} {source}")
                own = self._known.get(key) or digest_of_code(source, words=words)
                self._used[key] = own
            self._digests[file, words] = own
        return self._digests[file, words]

    @cached_property
    def _method(self) -> str:
        """What the digest of a source depends on: this file, and the syntax trees of Python."""
        return f"{sys.version} {Path(__file__).read_text(encoding='utf-8')} "

    def remember(self) -> None:
        """Remember the digests of the files that can count for a job, for the next start."""
        scripts = self._root.glob("workflow/scripts/*.py")
        for file in (*scripts, *self._decisive_files.values()):
            self._digest(file, words=False)
            self._digest(file, words=True)
        if self._used != self._known:
            between_starts.remember("code", self._used)

    def _with_imports(self, name: str) -> set[str]:
        """Return a module, what it imports, directly or not, and the packages around all of these.

        Of a script, by the name of its file, only what it imports.
        """
        imported = self._imports.get(name, [name.split(".")[0]])
        parts = [each.split(".") for each in imported]
        return {".".join(own[:n]) for own in parts for n in range(1, len(own) + 1)}

    @cached_property
    def _imports(self) -> dict[str, list[str]]:
        """Each of our modules with all that it imports, and what each script imports.

        It follows from their sources, so a start with the same sources remembers it for the next:
        to find out takes a tenth of a second.
        """
        src = Path(backprop.__file__).parents[1]
        scripts = tuple(sorted(self._root.glob("workflow/scripts/*.py")))
        sources = {str(file.relative_to(src)): file for file in (src / PACKAGE).rglob("*.py")}
        sources |= {script.name: script for script in scripts}
        listed = [f"{name} {digest(file)}" for name, file in sorted(sources.items())]
        key = digest_of_text("\n".join([self._method, grimp.__version__, *listed]))
        imports = between_starts.recall("imports").get(key)
        if imports is None:
            imports = json.dumps(_imports_of(scripts, key))
            between_starts.remember("imports", {key: imports})
        return json.loads(imports)


@cache  # for several plans in one process: modules of a Snakefile
def _imports_of(scripts: tuple[Path, ...], key: str) -> dict[str, list[str]]:
    """Return each of our modules with all that it imports, directly or not, by its name.

    And what each of some scripts imports, by its file. The key is a digest of all sources.
    """
    graph = grimp.build_graph(
        PACKAGE, include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )
    imports = {name: {name, *graph.find_upstream_modules(name)} for name in graph.modules}
    for script in scripts:
        named = set[str]()
        for node in ast.walk(ast.parse(script.read_bytes())):
            if isinstance(node, ast.Import):
                named.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                members = {f"{node.module}.{alias.name}" for alias in node.names}
                named.update((members & graph.modules) or {node.module})
        known = {n if n in graph.modules else n.split(".")[0] for n in named}
        imports[script.name] = known.union(*(imports.get(name, ()) for name in known))
    return {name: sorted(names) for name, names in imports.items()}


@cache
def digest_of_code(source: str, *, words: bool) -> str:
    """Return the SHA-256 of what can change a result in a piece of code.

    It is of the syntax tree, so comments and formatting do not count. Docstrings, the version,
    and the text of error and log messages do not count either. A call within a message counts: it
    may do more.

    Parameters
    ----------
    source : str
        The code of a module.
    words : bool
        Whether the fields count that `backprop.typing.Shown` marks in the classes of the module.
        Those that `backprop.typing.NoEffect` marks never count.

    Raises
    ------
    SyntaxError
        If it is not Python.
    """
    tree = ast.parse(source)
    fields = _marked_fields(tree, {"NoEffect"} if words else {"NoEffect", "Shown"})
    return digest_of_text(ast.dump(_Reduced(fields).visit(tree)))


class _Reduced(ast.NodeTransformer):
    """Removes from a syntax tree what does not count, among it some fields of some classes."""

    def __init__(self, fields: Mapping[str, set[str]]) -> None:
        self._fields = fields

    def visit_Expr(self, node: ast.Expr) -> ast.AST | list[ast.AST]:
        if isinstance(node.value, ast.Constant):
            return []
        if _is_log_call(node.value):
            arguments = ast.iter_child_nodes(node.value)
            return [self.visit(action) for part in arguments for action in _actions(part)]
        return self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.AST]:
        # A release computes nothing else.
        is_version = [ast.unparse(target) for target in node.targets] == ["__version__"]
        return [] if is_version and not _actions(node) else self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        if isinstance(node.exc, ast.Call):
            parts = [_actions(part) if _is_text(part) else [part] for part in node.exc.args]
            node.exc.args = list(itertools.chain.from_iterable(parts))
            node.cause = None
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        fields = self._fields.get(node.name, set())
        node.body = [p for p in node.body if _field(p)[0] not in fields or _actions(p)]
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name):
            name = node.func.id  # of the class, or of a function that makes one: `column`, `Column`
            fields = self._fields.get(name[:1].upper() + name[1:], set())
            node.keywords = [k for k in node.keywords if k.arg not in fields or _actions(k.value)]
        return self.generic_visit(node)


def _marked_fields(tree: ast.Module, marks: set[str]) -> dict[str, set[str]]:
    """Return the fields whose types have one of some marks, by class.

    Of several classes with one name, only the fields that are marked in all of them.
    """
    fields: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            marked = {name for name, mark in map(_field, node.body) if mark in marks}
            fields[node.name] = fields.get(node.name, marked) & marked
    return fields


def _field(node: ast.stmt) -> tuple[str, str]:
    """Return the name of a field of a class, and the mark of its type; "" if it has none."""
    match node:
        case ast.AnnAssign(ast.Name(name), ast.Subscript(ast.Name(mark))):
            return name, mark
    return "", ""


def _is_log_call(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr=method, value=ast.Name(id="log" | "logger"))):
            return method in LOG_METHODS
    return False


def _is_text(node: ast.AST) -> bool:
    match node:
        case ast.BinOp(left=left, right=right):
            return _is_text(left) or _is_text(right)
        case ast.JoinedStr() | ast.Constant(value=str()):
            return True
    return False


def _actions(node: ast.AST) -> list[ast.expr]:
    """Return the parts of some code that may do more than give a value: calls, assignments."""
    if isinstance(node, ast.Call | ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom):
        return [node]
    return [action for part in ast.iter_child_nodes(node) for action in _actions(part)]


def _joined(digests: Mapping[str, str]) -> str:
    lines = [f"{name} {digest}\n" for name, digest in sorted(digests.items())]
    return digest_of_text("".join(lines))


@cache
def _release(package: str) -> tuple[str, str]:
    """Return the name and the version of the distribution that a package is part of."""
    try:  # most have the same name, and to list all takes a fifth of a second
        release = distribution(OTHER_NAMES.get(package, package))
    except PackageNotFoundError:
        release = distribution(packages_distributions()[package][0])
    metadata = release.metadata  # which each access parses
    return metadata["Name"], metadata["Version"]
