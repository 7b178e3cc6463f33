"""HTML and SVG, rendered from `templates/`; what comes from data and config is escaped."""

import re
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup


def environment(folder: Path, **options: Any) -> jinja2.Environment:
    """Return the environment of the templates in a folder; of a value that is missing, an error."""
    loader = jinja2.FileSystemLoader(folder)
    blocks = {"trim_blocks": True, "lstrip_blocks": True, "undefined": jinja2.StrictUndefined}
    return jinja2.Environment(loader=loader, **{**blocks, "keep_trailing_newline": True, **options})


_ENVIRONMENT = environment(Path(__file__).parent / "templates", autoescape=True)
_ENVIRONMENT.filters["compact"] = lambda css: Markup(
    re.sub(r"/\*.*?\*/|\n\s*", "", css, flags=re.DOTALL)
)


def rendered(template: str, **values: object) -> str:
    """Render a template.

    Parameters
    ----------
    template : str
        The name of a file in `templates/`. All files of a module begin with its name: jobs that
        import the module depend on them, see `workflow.plan.dependencies`.
    **values
        What the template shows. Texts are escaped, unless they are `markupsafe.Markup`.

    Raises
    ------
    jinja2.UndefinedError
        If the template uses a value that is missing.
    """
    return _ENVIRONMENT.get_template(template).render(values)
