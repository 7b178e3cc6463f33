import csv
import json
import os
import pathlib
import random

import numpy as np
import pandas as pd
import pytest

from backprop.files import canonical_json, digest, read_table, write_atomically, write_table


def test_a_file_is_created_and_replaced_as_a_whole(tmp_path):
    path = tmp_path / "table.csv"
    for content in (b"a longer content\n" * 1000, b"", b"\x00\r\nshort"):
        write_atomically(path, content)
        assert path.read_bytes() == content
        assert list(tmp_path.iterdir()) == [path]


def test_a_reader_sees_either_the_old_or_the_new_content(tmp_path, monkeypatch):
    path = tmp_path / "table.csv"
    path.write_bytes(b"old")
    replace = os.replace
    seen = []

    def watch(source, target):
        seen.append((path.read_bytes(), pathlib.Path(source).read_bytes()))
        replace(source, target)

    monkeypatch.setattr(os, "replace", watch)
    write_atomically(path, b"new")
    assert seen == [(b"old", b"new")]
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize(("owner", "call"), [(pathlib.Path, "write_bytes"), (os, "replace")])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, owner, call):
    path = tmp_path / "table.csv"
    path.write_bytes(b"old")

    def fill_up(written, _):
        with open(written, "wb") as file:
            file.write(b"ne")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(owner, call, fill_up)
        with pytest.raises(OSError, match="No space left"):
            write_atomically(path, b"new content")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    write_atomically(path, b"new content")
    assert path.read_bytes() == b"new content"


def test_a_missing_directory_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "missing" / "table.csv", b"")


def test_a_written_file_has_the_default_permissions(tmp_path):
    (tmp_path / "plain").write_bytes(b"")
    write_atomically(tmp_path / "atomic", b"")
    modes = {each.stat().st_mode for each in tmp_path.iterdir()}
    assert len(modes) == 1


def test_a_table_is_read_back_exactly(tmp_path):
    generator = np.random.default_rng(0)
    numbers = generator.normal(size=20_000) * 10.0 ** generator.integers(-300, 300, 20_000)
    table = pd.DataFrame({"numbers": np.append(numbers, [5e-324, np.nan]), "text": "a"})
    write_table(tmp_path / "table.csv", table)
    pd.testing.assert_frame_equal(read_table(tmp_path / "table.csv"), table, check_exact=True)


def test_a_table_has_the_fewest_digits_and_empty_cells_for_missing_values(tmp_path):
    table = pd.DataFrame({"a": [0.1, 1 / 3, 5e-324, None], "b": ["x", "a,b", None, "z"]})
    write_table(tmp_path / "table.csv", table)
    assert (tmp_path / "table.csv").read_bytes() == (
        b'a,b\n0.1,x\n0.3333333333333333,"a,b"\n5e-324,\n,z\n'
    )


TEXTS = [
    "=1+1", "'=1", "+a;-b", "@x\ty", "\r\n", "NA", "nan", 'a "b", c', "plain", "-0.5 x", None,
]  # fmt: skip


def test_texts_are_safe_in_a_spreadsheet_and_read_back_as_they_were(tmp_path):
    table = pd.DataFrame({"=a": TEXTS, "'b": TEXTS[::-1], "self": range(len(TEXTS))})
    table["number"] = -1.5
    write_table(tmp_path / "table.csv", table)
    with open(tmp_path / "table.csv", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["'=a", "''b", "self", "number"]
    assert not [cell for *texts, _ in rows for cell in texts if cell[:1] in tuple("=+-@\t\r")]
    assert {row[-1] for row in rows} == {"-1.5"}
    pd.testing.assert_frame_equal(read_table(tmp_path / "table.csv"), table, check_exact=True)


def test_a_text_with_a_carriage_return_is_read_back_as_it_was(tmp_path):
    table = pd.DataFrame(
        {"a": ["a\rb", "\r=1", None], "b": [1, 2.5, None], "c": [True, False, True]}
    )
    write_table(tmp_path / "table.csv", table)
    pd.testing.assert_frame_equal(read_table(tmp_path / "table.csv"), table, check_exact=True)


def test_texts_are_read_back_as_categories_too(tmp_path):
    table = pd.DataFrame({"=a": ["=1", "b", "=1"], "b": [1, 2, 3]})
    write_table(tmp_path / "table.csv", table)
    read = read_table(tmp_path / "table.csv", usecols=["'=a"], dtype={"'=a": "category"})
    assert read["=a"].tolist() == ["=1", "b", "=1"]


def test_a_digest_is_the_sha_256_of_the_content(tmp_path):
    (tmp_path / "abc").write_bytes(b"abc")
    assert digest(tmp_path / "abc").startswith("ba7816bf8f01cfea")


VALUES = {"seed": 1, "vary": {"hidden": [[2], [5]], "cost": ["a"]}, "models": ["b", "a"], "x": {}}


def shuffled(value, generator):
    if isinstance(value, dict):
        keys = list(value)
        generator.shuffle(keys)
        return {key: shuffled(value[key], generator) for key in keys}
    return [shuffled(item, generator) for item in value] if isinstance(value, list) else value


def test_canonical_json_does_not_depend_on_the_order_of_keys():
    written = canonical_json(VALUES)
    assert json.loads(written) == VALUES
    for seed in range(5):
        other = shuffled(VALUES, random.Random(seed))
        assert list(other) != list(VALUES)
        assert canonical_json(other) == written


def test_canonical_json_differs_for_different_values():
    values = [[1, 2], [2, 1], [1.0, 2], ["1", 2], {"a": 1}, {"b": 1}, None, True, 1, 0.1]
    assert len({canonical_json(value) for value in values}) == len(values)
    assert canonical_json({"b": [1, 0.5], "a": None}) == '{"a":null,"b":[1,0.5]}'
    for broken in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="JSON"):
            canonical_json({"rate": broken})
