"""JSON from files, within the size and depth of configs."""

import json

import pytest

from minikeras.errors import ArgumentError, ModelFileError
from minikeras.saving import json_text
from minikeras.saving.json_text import parsed_json, read_json
from minikeras.saving.source import Source


@pytest.mark.parametrize("data", ['{"a": [1, null, "é"]}', '{"a": [1, null, "é"]}'.encode()])
def test_objects(data):
    assert parsed_json(data) == read_json(data, Source("a.keras"), "config.json") == {"a": [1, None, "é"]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("[1]", "expected a JSON object, found a list"),
        ("3", "expected a JSON object, found a int"),
        ("{", "Expecting property name"),
        (b"\xff\xff", "decode"),
        ("[" * 100_000, "containers are nested"),
        ('{"a": ' + "[" * 250 + "]" * 250 + "}", "nested more than 200"),
        ('{"a": [' + "0," * 3_000_000 + "0]}", "it has 3,000,00. values"),
    ],
)
def test_what_is_refused(data, message):
    with pytest.raises(ArgumentError, match=message):
        parsed_json(data)


def test_depths_that_are_allowed():
    assert parsed_json('{"a": ' + "[" * 198 + "]" * 198 + "}")
    assert parsed_json("{}") == {}


def test_a_text_that_is_too_large(monkeypatch):
    monkeypatch.setattr(json_text, "MOST_BYTES", 100)
    assert parsed_json(json.dumps({"a": "x" * 90}))
    with pytest.raises(ArgumentError, match="it has 101 bytes of JSON, but at most 100"):
        parsed_json(json.dumps({"a": "x" * 92}))


def test_errors_name_the_file_and_the_member():
    with pytest.raises(ModelFileError, match="The file 'a.keras' cannot be read, in 'config.json': expected a JSON"):
        read_json("[]", Source("a.keras"), "config.json")
