"""What the result of a job depends on besides its inputs: our code, and the packages it imports.

Snakemake tracks neither. Here both are derived from the import graph, and become part of a job's
parameters. Our code counts by a digest of its syntax tree, in which only what can change a result
is left: see `digest_of_code`.
"""

import ast
import hashlib
import platform
import sys
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any

import grimp

PACKAGE = "backprop"
PLUMBING = f"{PACKAGE}.workflow"  # decides when and where a job runs, never what it computes


class Dependencies:
    """The dependencies of the scripts and the modules of one copy of the project.

    Parameters
    ----------
    root : Path
        The directory of the Snakefile.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._digests: dict[Path, str] = {}

    def of_job(self, script: str, *modules: str) -> dict[str, Any]:
        """Return the code and the versions that a job depends on.

        Parameters
        ----------
        script : str
            The name of a file in workflow/scripts, without its ending.
        *modules : str
            Modules that the script imports by a name that it is given.

        Returns
        -------
        dict
            ``code``, a digest, and ``versions``, by package.
        """
        return {
            "code": _joined(self.code([script], modules)),
            "versions": self.versions([script], modules),
        }

    def of_modules(self, *modules: str) -> dict[str, Any]:
        """Return the code and the versions that the functions of some modules depend on.

        As `of_job`, but for what computes a result, without the script that reads and writes it.
        """
        return {"code": _joined(self.code([], modules)), "versions": self.versions([], modules)}

    def code(self, scripts: Iterable[str], modules: Iterable[str]) -> dict[str, str]:
        """Return the digests of scripts, of modules, and of all modules that they import, by name."""
        imported = self._imports_of_all(scripts, modules)
        own = {script: self._digest(self._script(script)) for script in scripts}
        return {**self._digests_of(imported), **own}

    def versions(self, scripts: Iterable[str], modules: Iterable[str]) -> dict[str, str]:
        """Return the versions of Python and of the packages that scripts and modules import."""
        return _versions(self._imports_of_all(scripts, modules))

    def _imports_of_all(self, scripts: Iterable[str], modules: Iterable[str]) -> set[str]:
        imported = [*map(self._imports, scripts), *map(self._with_imports, modules)]
        return set().union(*imported)

    def _script(self, name: str) -> Path:
        return self._root / "workflow/scripts" / f"{name}.py"

    def _file(self, module: str) -> Path:
        path = self._root / "src" / Path(*module.split("."))
        return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")

    def _digest(self, file: Path) -> str:
        if file not in self._digests:
            self._digests[file] = digest_of_code(file.read_text(encoding="utf-8"))
        return self._digests[file]

    def _digests_of(self, imported: set[str]) -> dict[str, str]:
        ours = {name for name in imported if name.split(".")[0] == PACKAGE}
        counted = {n for n in ours if n != PLUMBING and not n.startswith(f"{PLUMBING}.")}
        return {name: self._digest(self._file(name)) for name in counted}

    def _imports(self, script: str) -> set[str]:
        """Return all that a script imports, directly or not: our modules, and packages."""
        named = set()
        for node in ast.walk(ast.parse(self._script(script).read_bytes())):
            if isinstance(node, ast.Import):
                named.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                members = {f"{node.module}.{alias.name}" for alias in node.names}
                named.update((members & self._graph.modules) or {node.module})
        return set().union(*map(self._with_imports, named))

    def _with_imports(self, module: str) -> set[str]:
        """Return a module or package, what it imports, and the packages around all of these."""
        if module not in self._graph.modules:
            return {module.split(".")[0]}
        imported = {module, *self._graph.find_upstream_modules(module)}
        for name in list(imported):
            parts = name.split(".")
            imported.update(".".join(parts[:n]) for n in range(1, len(parts)))
        return imported

    @cached_property
    def _graph(self) -> grimp.ImportGraph:
        return grimp.build_graph(
            PACKAGE,
            include_external_packages=True,
            exclude_type_checking_imports=True,
            cache_dir=None,
        )


def digest_of_code(source: str) -> str:
    """Return the SHA-256 of what can change a result in a piece of code.

    It is that of the syntax tree, so comments and formatting do not count. These do not count
    either: docstrings, the messages of errors, what is logged, and the fields that
    `backprop.typing.NoEffect` marks, where a class of the same module has them.

    Parameters
    ----------
    source : str
        The code of a module.

    Raises
    ------
    SyntaxError
        If it is not Python.
    """
    tree = ast.parse(source)
    tree = _WithoutWords(_fields_without_effect(tree)).visit(tree)
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()


class _WithoutWords(ast.NodeTransformer):
    """Leaves out of a syntax tree what no result depends on."""

    def __init__(self, fields: Mapping[str, set[str]]) -> None:
        self._fields = fields

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        if isinstance(node.value, ast.Constant) or _is_log_call(node.value):
            return None
        return self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        if isinstance(node.exc, ast.Call):
            return ast.Raise(exc=node.exc.func, cause=None)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        return None if _has_no_effect(node) else self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id in self._fields:
            fields = self._fields[node.func.id]
            node.keywords = [keyword for keyword in node.keywords if keyword.arg not in fields]
        return self.generic_visit(node)


def _fields_without_effect(tree: ast.Module) -> dict[str, set[str]]:
    """Return the fields that are marked `NoEffect`, by class."""
    return {
        node.name: {
            field.target.id
            for field in node.body
            if isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and _has_no_effect(field)
        }
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }


def _has_no_effect(field: ast.AnnAssign) -> bool:
    annotation = field.annotation
    return (
        isinstance(annotation, ast.Subscript)
        and isinstance(annotation.value, ast.Name)
        and annotation.value.id == "NoEffect"
    )


def _is_log_call(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("log", "logger")
    )


def _joined(digests: Mapping[str, str]) -> str:
    lines = [f"{name} {digest}\n" for name, digest in sorted(digests.items())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _versions(imported: set[str]) -> dict[str, str]:
    """Return the versions of Python and of the packages among some names."""
    packages = {name for name in imported if name.split(".")[0] != PACKAGE}
    releases = {_release(name) for name in packages - sys.stdlib_module_names}
    minor = ".".join(platform.python_version_tuple()[:2])
    return {"python": minor, **dict(sorted(releases))}


@cache
def _distributions() -> Mapping[str, list[str]]:
    return packages_distributions()


@cache
def _release(package: str) -> tuple[str, str]:
    """Return the name and the version of the distribution that a package is part of."""
    name = _distributions()[package][0]
    return name, version(name)
