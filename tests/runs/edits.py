"""Change a value within other values."""

import json


def put(content, path, value):
    """Set the value at a path: keys with points between them, or a sequence of keys."""
    *parents, last = path.split(".") if isinstance(path, str) else path
    for key in parents:
        content = content[key]
    content[last] = value


def put_in_json(file, path, value):
    """Set a value of a JSON file."""
    content = json.loads(file.read_text())
    put(content, path, value)
    file.write_text(json.dumps(content))
