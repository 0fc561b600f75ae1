"""JSON from files, parsed only within the size and depth of model configs."""

from typing import Any

from ..errors import ArgumentError
from .source import Source

MOST_BYTES = 1 << 25
_MOST_VALUES = 1 << 21
_DEEPEST = 200


def read_json(data: bytes | str, source: Source, member: str) -> dict:
    """Parses a JSON object from a file.

    Args:
        data: The text.
        source: Its origin, for error messages.
        member: The part of the file.

    Raises:
        ModelFileError: If it is not a JSON object, or larger or deeper than configs are.
    """
    with source.reading(member):
        return parsed_json(data)


def parsed_json(data: bytes | str) -> dict:
    """Parses a JSON object.

    Args:
        data: The text.

    Raises:
        ArgumentError: If it is not a JSON object, or larger or deeper than configs are.
    """
    import json

    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    if len(data) > MOST_BYTES:
        raise ArgumentError(f"it has {len(data):,} bytes of JSON, but at most {MOST_BYTES:,} are allowed")
    # Every value except the first follows one of these; counting those inside strings only makes the limit stricter.
    count = sum(data.count(mark) for mark in (b"[", b"{", b",", b":"))
    if count > _MOST_VALUES:
        raise ArgumentError(f"it has {count:,} values, but at most {_MOST_VALUES:,} are allowed")
    try:
        value = json.loads(data)
    except RecursionError:
        raise ArgumentError("its containers are nested too deeply") from None
    except ValueError as error:
        raise ArgumentError(str(error)) from error
    if not isinstance(value, dict):
        raise ArgumentError(f"expected a JSON object, found a {type(value).__name__}")
    if _depth(value) > _DEEPEST:
        raise ArgumentError(f"its containers are nested more than {_DEEPEST} deep")
    return value


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level and depth <= _DEEPEST:
        depth += 1
        level = [
            part
            for each in level
            if isinstance(each, (dict, list))
            for part in (each.values() if isinstance(each, dict) else each)
        ]
    return depth
