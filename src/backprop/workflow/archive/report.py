"""The report as an archive has it: without what differs from run to run."""

import json
import re

PARAMETERS = re.compile(rb'"params": "job=[0-9a-f]+"')
"""The digest of what a job depends on, which the report shows of each table and picture."""
DRAWN = rb"rulegraph|runtimes|timeline"
"""The pictures of rules and times: an archive has them without what they draw."""
SECTION = re.compile(
    rb'(<script id="(%s|rules)">\n +var \w+ = )([^\n]*)(;\n)' % DRAWN
)  # fmt: skip


def without_times(page: bytes) -> bytes:
    """Return a report without the times of its jobs, and without what Snakemake shows of the rules.

    Two reports of the same results are then the same to the byte, wherever they were made: in the
    environment of the one who archived them, or of the one who verifies them.
    """
    page = PARAMETERS.sub(b'"params": ""', page)
    return SECTION.sub(lambda part: part[1] + _emptied(part[2], part[3]) + part[4], page)


def _emptied(name: bytes, section: bytes) -> bytes:
    if name == b"rules":
        return b"{}"
    picture = json.loads(section)
    data = picture.get("data", [])
    for each in [data] if isinstance(data, dict) else data:
        if "values" in each:
            each["values"] = []
    return json.dumps(picture).encode()
