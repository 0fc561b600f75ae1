"""Strings in attributes of HDF5 files, such as configs and names, parsed from the bytes of the file.

The HDF5 library trusts the lengths in the file: a string of a few bytes can claim gigabytes, which are allocated before
the error is detected, and reading a corrupt list of strings may never end. So they are parsed here, in the form that
h5py has always written: object headers of version 1, and variable-length strings in a global heap.
"""

import struct
from collections.abc import Iterator
from typing import Any

from .source import Source

_ATTRIBUTE, _CONTINUATION = 0x0C, 0x10  # types of header messages
_FIXED, _VARIABLE = 3, 9  # datatype classes
_MOST_MESSAGES = 10000
_MANY_BYTES = 1 << 26  # total length of strings that is always allowed; above it, the file size is the limit


def read_texts(owner: Any, name: str, data: bytes, source: Source) -> list[str] | None:
    """Returns the strings in an attribute of a file or a group; None if there is no such attribute.

    Args:
        owner: The file or the group.
        name: The name of the attribute.
        data: The bytes of the whole file.
        source: The origin of the owner, for error messages.

    Raises:
        ModelFileError: If it does not contain strings, or is corrupt.
    """
    import h5py

    with source.reading(name):
        header = h5py.h5o.get_info(owner.id).addr
        try:
            for message in _messages(data, header):
                found = _named(message, name.encode())
                if found is not None:
                    return [text.decode("utf-8") for text in _texts(data, *found)]
        except (struct.error, IndexError) as error:
            raise ValueError("it is corrupt: it ends too early") from error
    return None


def _messages(data: bytes, header: int) -> Iterator[bytes]:
    """Yields the attribute messages of an object header."""
    # Supported are 8-byte sizes and addresses, relative to the start of the file.
    start = 24 + 4 * (data[8] == 1)
    if data[8] > 1 or data[13:15] != b"\x08\x08" or any(data[start : start + 8]):
        raise ValueError("the file has a newer HDF5 version than Keras writes")
    if data[header] != 1:
        raise ValueError("its object has a newer HDF5 version than Keras writes")
    blocks = [(header + 16, struct.unpack_from("<I", data, header + 8)[0])]
    count = 0
    while blocks:
        offset, size = blocks.pop(0)
        end = offset + size
        while offset + 8 <= min(end, len(data)):
            kind, length, flags = struct.unpack_from("<HHB", data, offset)
            body = data[offset + 8 : offset + 8 + length]
            offset += 8 + length
            count += 1
            if count > _MOST_MESSAGES or offset > end:
                raise ValueError("it is corrupt: there are more messages than fit")
            if kind == _CONTINUATION:
                blocks.append(struct.unpack_from("<QQ", body))
            elif kind == _ATTRIBUTE:
                if flags & 2:
                    raise ValueError("it is a shared message, which Keras does not write")
                yield body


def _named(message: bytes, name: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Returns the datatype, dataspace and content of an attribute message if it has the given name."""
    version, flags, *sizes = struct.unpack_from("<BBHHH", message)
    if version not in (1, 2, 3):
        raise ValueError(f"attributes of version {version} are not supported")
    offset, parts = 8 + (version == 3), []
    for size in sizes:
        parts.append(message[offset : offset + size])
        offset += (size + 7) // 8 * 8 if version == 1 else size
    if parts[0].partition(b"\0")[0] != name:
        return None
    if version > 1 and flags & 3:
        raise ValueError("its datatype is a shared message, which Keras does not write")
    return parts[1], parts[2], message[offset:]


def _texts(data: bytes, datatype: bytes, dataspace: bytes, content: bytes) -> list[bytes]:
    kind, size = datatype[0] & 15, struct.unpack_from("<I", datatype, 4)[0]
    count = _count(dataspace)
    if count == 0:
        return []  # of any type: h5py writes an empty list as numeric
    if kind == _FIXED:
        if size == 0 or count * size > len(content):
            raise ValueError("it is corrupt: its strings are incomplete")
        return [content[start : start + size].rstrip(b"\0") for start in range(0, count * size, size)]
    if kind != _VARIABLE or datatype[1] & 15 != 1:
        raise ValueError("expected strings, found another datatype")
    if count * 16 > len(content):
        raise ValueError("it is corrupt: its strings are incomplete")
    references = [struct.unpack_from("<IQI", content, 16 * index) for index in range(count)]
    if sum(length for length, _, _ in references) > _MANY_BYTES + 10 * len(data):
        raise ValueError("its strings are much larger than the file")
    heaps: dict[int, dict[int, bytes]] = {}
    found = []
    for length, heap, index in references:
        if heap not in heaps and length:
            heaps[heap] = _heap(data, heap)
        text = heaps[heap].get(index, b"") if length else b""
        if length > len(text):
            raise ValueError("it is corrupt: a string exceeds the data")
        found.append(text[:length].rstrip(b"\0"))
    return found


def _count(dataspace: bytes) -> int:
    """Returns the number of elements."""
    version, rank, flags, kind = dataspace[:4]
    if version not in (1, 2) or rank > 1:
        raise ValueError("expected a string or a list of strings")
    if version == 2 and kind == 2:
        return 0  # a null dataspace
    return struct.unpack_from("<Q", dataspace, 8 if version == 1 else 4)[0] if rank else 1


def _heap(data: bytes, start: int) -> dict[int, bytes]:
    """Returns the objects of a global heap collection by index."""
    if data[start : start + 5] != b"GCOL\x01":
        raise ValueError("it is corrupt: its global heap is missing")
    offset, end = start + 16, min(start + struct.unpack_from("<Q", data, start + 8)[0], len(data))
    found = {}
    while end - offset >= 16:
        index, size = struct.unpack_from("<H6xQ", data, offset)
        if index == 0:  # free space up to the end
            break
        if size > end - offset - 16:
            raise ValueError("it is corrupt: a string exceeds the data")
        found[index] = data[offset + 16 : offset + 16 + size]
        offset += 16 + (size + 7) // 8 * 8
    return found
