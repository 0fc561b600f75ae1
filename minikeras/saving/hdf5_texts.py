"""The texts in attributes of HDF5 files, such as configs and names, taken from the bytes of the file.

HDF5 itself would believe the file how long they are: a text of a few bytes can claim gigabytes, which are allocated
before it is found out, and a damaged list of texts is read on in without an end. So they are read here, step by step,
in the form in which h5py has always written them: object headers of version 1, and texts of any length in a heap.
"""

import struct
from collections.abc import Iterator
from typing import Any

from .source import Source

_ATTRIBUTE, _CONTINUATION = 0x0C, 0x10  # kinds of messages in object headers
_FIXED, _VARIABLE = 3, 9  # classes of datatypes
_MOST_MESSAGES = 10000
_MANY_BYTES = 1 << 26  # of texts that may always be read; else they are limited by the size of the file


def read_texts(owner: Any, name: str, data: bytes, source: Source) -> list[str] | None:
    """Returns the texts in an attribute of a file or a group; None if there is no such attribute.

    Args:
        owner: The file or the group.
        name: The name of the attribute.
        data: The bytes of the whole file.
        source: Where the owner is.

    Raises:
        ModelFileError: If it holds anything else, or is damaged.
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
            raise ValueError("it is damaged: it ends too early") from error
    return None


def _messages(data: bytes, header: int) -> Iterator[bytes]:
    """Yields the attributes in an object header."""
    # Sizes and addresses have eight bytes, and addresses count from the start of the file.
    start = 24 + 4 * (data[8] == 1)
    if data[8] > 1 or data[13:15] != b"\x08\x08" or any(data[start : start + 8]):
        raise ValueError("it is in a file of a newer form of HDF5 than Keras writes")
    if data[header] != 1:
        raise ValueError("it is in an object of a newer form of HDF5 than Keras writes")
    blocks = [(header + 16, struct.unpack_from("<I", data, header + 8)[0])]
    count = 0
    while blocks:
        place, size = blocks.pop(0)
        end = place + size
        while place + 8 <= min(end, len(data)):
            kind, length, flags = struct.unpack_from("<HHB", data, place)
            body = data[place + 8 : place + 8 + length]
            place += 8 + length
            count += 1
            if count > _MOST_MESSAGES or place > end:
                raise ValueError("it is damaged: there are more messages than fit")
            if kind == _CONTINUATION:
                blocks.append(struct.unpack_from("<QQ", body))
            elif kind == _ATTRIBUTE:
                if flags & 2:
                    raise ValueError("it is shared with other objects, as none is that Keras writes")
                yield body


def _named(message: bytes, name: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Returns the datatype, the dataspace and the content of an attribute, if it has a name."""
    version, flags, *sizes = struct.unpack_from("<BBHHH", message)
    if version not in (1, 2, 3):
        raise ValueError(f"attributes of version {version} are not known")
    place, parts = 8 + (version == 3), []
    for size in sizes:
        parts.append(message[place : place + size])
        place += (size + 7) // 8 * 8 if version == 1 else size
    if parts[0].partition(b"\0")[0] != name:
        return None
    if version > 1 and flags & 3:
        raise ValueError("its type is shared with other objects, as none is that Keras writes")
    return parts[1], parts[2], message[place:]


def _texts(data: bytes, datatype: bytes, dataspace: bytes, content: bytes) -> list[bytes]:
    kind, size = datatype[0] & 15, struct.unpack_from("<I", datatype, 4)[0]
    count = _count(dataspace)
    if count == 0:
        return []  # of any type: h5py writes an empty list as one of numbers
    if kind == _FIXED:
        if size == 0 or count * size > len(content):
            raise ValueError("it is damaged: its texts are not all there")
        return [content[start : start + size].rstrip(b"\0") for start in range(0, count * size, size)]
    if kind != _VARIABLE or datatype[1] & 15 != 1:
        raise ValueError("expected texts, and there are elements of another kind")
    if count * 16 > len(content):
        raise ValueError("it is damaged: its texts are not all there")
    places = [struct.unpack_from("<IQI", content, 16 * index) for index in range(count)]
    if sum(length for length, _, _ in places) > _MANY_BYTES + 10 * len(data):
        raise ValueError("its texts are much larger than the file")
    heaps: dict[int, dict[int, bytes]] = {}
    found = []
    for length, heap, index in places:
        if heap not in heaps and length:
            heaps[heap] = _heap(data, heap)
        text = heaps[heap].get(index, b"") if length else b""
        if length > len(text):
            raise ValueError("it is damaged: a text is longer than what there is of it")
        found.append(text[:length].rstrip(b"\0"))
    return found


def _count(dataspace: bytes) -> int:
    """Returns the number of elements."""
    version, rank, flags, kind = dataspace[:4]
    if version not in (1, 2) or rank > 1:
        raise ValueError("it should be one text or a list of them")
    if version == 2 and kind == 2:
        return 0  # nothing, without a shape
    return struct.unpack_from("<Q", dataspace, 8 if version == 1 else 4)[0] if rank else 1


def _heap(data: bytes, start: int) -> dict[int, bytes]:
    """Returns the texts in a heap, by their numbers."""
    if data[start : start + 5] != b"GCOL\x01":
        raise ValueError("it is damaged: there is no place with its texts")
    place, end = start + 16, min(start + struct.unpack_from("<Q", data, start + 8)[0], len(data))
    found = {}
    while end - place >= 16:
        index, size = struct.unpack_from("<H6xQ", data, place)
        if index == 0:  # what is left is free
            break
        if size > end - place - 16:
            raise ValueError("it is damaged: a text is longer than what there is of it")
        found[index] = data[place + 16 : place + 16 + size]
        place += 16 + (size + 7) // 8 * 8
    return found
