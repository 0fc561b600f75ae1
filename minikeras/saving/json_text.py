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
        source: Where it is.
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
        raise ArgumentError(f"it has {len(data):,} bytes of JSON, and may have {MOST_BYTES:,}")
    # Each value but the first follows one of these; those inside strings only make the limit stricter.
    count = sum(data.count(mark) for mark in (b"[", b"{", b",", b":"))
    if count > _MOST_VALUES:
        raise ArgumentError(f"it has {count:,} values, and may have {_MOST_VALUES:,}")
    try:
        value = json.loads(data)
    except RecursionError:
        raise ArgumentError("it has too many containers inside of each other") from None
    except ValueError as error:
        raise ArgumentError(str(error)) from error
    if not isinstance(value, dict):
        raise ArgumentError(f"expected a JSON object, and it is a {type(value).__name__}")
    if _depth(value) > _DEEPEST:
        raise ArgumentError(f"it has more than {_DEEPEST} containers inside of each other")
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
