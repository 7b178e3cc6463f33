"""How Sphinx builds the documentation; `make site` runs it, without a network.

Its source is the whole repository, so a link between two files leads to the same place on a host of
repositories and here. No page is written twice.
"""

import json
import sys
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.addnodes import download_reference
from sphinx.application import Sphinx
from sphinxcontrib.mermaid import mermaid

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "docs")]

import reference  # noqa: E402

import backprop  # noqa: E402

project = "backprop"
release = version = backprop.__version__
extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "sphinxcontrib.mermaid",
]
root_doc = "docs/index"
include_patterns = [
    "docs/**.md",
    "CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "SECURITY.md",
    "config/README.md", "page/README.md", "resources/README.md", "tests/report/sentences.md",
]  # fmt: skip
exclude_patterns = [
    ".*", "docs/node_modules", "page/node_modules", "results", "site", "src",
    "docs/package.md",  # for the package index
]  # fmt: skip

html_theme = "furo"
html_title = "backprop"
html_copy_source = False
html_show_copyright = False
html_permalinks_icon = "#"
html_css_files = ["site.css"]
MERMAID = ROOT / "docs/node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js"
html_static_path = ["static", str(MERMAID.parent)]
REPORT = ROOT / "results/report.html"
SUMMARY = ROOT / "results/summary.json"
has_report = (
    REPORT.exists()
    and SUMMARY.exists()
    and [*json.loads(SUMMARY.read_text(encoding="utf-8"))["datasets"]] == ["ex4"]
)
LIVE = sorted(map(str, ROOT.glob("live/watch-*.html")))  # of `backprop live`
TRY = ROOT / "src/backprop/report/live/page.html"  # without a study, it trains a small network
html_extra_path = ["index.html", str(TRY), *([str(REPORT)] if has_report else []), *LIVE]

myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_fence_as_directive = ["mermaid"]
myst_heading_anchors = 4
highlight_language = "none"
html_math_renderer = "mathml"
smartquotes = False  # a quoted value is code

autodoc_mock_imports = ["tensorflow"]
autodoc_typehints = "none"  # numpydoc has them
autodoc_member_order = "bysource"
default_role = "code"
numpydoc_show_class_members = False

OPEN_REPORT = '<a href="../../report.html">Open the whole report of ex4</a>'
TRY_IT = f'<p><a href="../{TRY.name}">Try it: train a small network now</a></p>'
WATCH = "".join(f'<li><a href="../{Path(page).name}">{Path(page).stem}</a></li>' for page in LIVE)
GENERATED = {
    "config keys": reference.config_keys,
    "known answers": reference.known_answers,
    "tables": reference.tables,
    "decision": reference.decision,
    "report": lambda: OPEN_REPORT if has_report else "",
    "live": lambda: TRY_IT + (f"<ul>{WATCH}</ul>" if LIVE else ""),
}


def write_generated(app: Sphinx, page: str, source: list[str]) -> None:
    """Put what follows from the code, or from a run, in the place of its marker."""
    for name, write in GENERATED.items():
        marker = f"<!-- build: {name} -->"
        if marker in source[0]:
            source[0] = source[0].replace(marker, write())


def lead_to_code(app: Sphinx, tree: nodes.document, page: str) -> None:
    """Lead a link to a module of the API to its code in colours; a browser would save the file."""
    for link in [*tree.findall(download_reference)]:
        _, _, module = link["reftarget"].removesuffix(".py").partition("src/")
        if module.replace("/", ".") in app.env.domains.python_domain.modules:
            uri = app.builder.get_relative_uri(page, f"_modules/{module}")
            link.replace_self(nodes.reference("", "", *link.children, refuri=uri, internal=True))


def leave_out_fields(
    app: Sphinx, kind: str, name: str, member: Any, skip: bool, options: Any
) -> bool | None:
    """Leave out the fields of named tuples: the docstring of the class has them."""
    return True if str(member.__doc__).startswith("Alias for field number") else None


def draw_diagrams(app: Sphinx, tree: nodes.document, page: str) -> None:
    """Leave diagrams to a script of the site: a module does not run in a page opened as a file."""
    for diagram in [*tree.findall(mermaid)]:
        text = f'<pre class="mermaid">{escape(diagram["code"])}</pre>'
        diagram.replace_self(nodes.raw("", text, format="html"))


def write_formula(writer: Any, formula: nodes.math | nodes.math_block) -> None:
    """Write a formula in MathML, which browsers show without a script."""
    is_block = isinstance(formula, nodes.math_block)
    text = tex2mathml(formula.astext(), as_block=is_block)
    writer.body.append(f'<div class="formula">{text}</div>' if is_block else text)
    raise nodes.SkipNode


def add_diagram_script(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.document | None
) -> None:
    """Load the script only where there is a diagram: it has 2.5 MB."""
    if tree and any('class="mermaid"' in raw.astext() for raw in tree.findall(nodes.raw)):
        app.add_js_file(MERMAID.name)


def setup(app: Sphinx) -> None:
    """Connect what this file adds."""
    app.add_html_math_renderer("mathml", (write_formula, None), (write_formula, None))
    app.connect("source-read", write_generated)
    app.connect("autodoc-skip-member", leave_out_fields)
    app.connect("doctree-resolved", lead_to_code)
    app.connect("doctree-resolved", draw_diagrams)
    app.connect("html-page-context", add_diagram_script)
