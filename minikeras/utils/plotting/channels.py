"""Where lines run in the gaps between the rows of a layered drawing: horizontal pieces, on tracks kept apart."""

from typing import Any

_NEAR = 5.0  # points; vertical pieces that are nearer look like one


class Wire:
    """The lines of one source in a gap.

    Attributes:
        tops: Where they come from above.
        bottoms: Where they leave below.
        track: The index of the track of the horizontal piece; None if there is none.
    """

    def __init__(self, tops: list[float], bottoms: list[float]):
        self.tops, self.bottoms = tops, bottoms
        self.track: int | None = None

    @property
    def span(self) -> tuple[float, float]:
        """The horizontal extent."""
        ends = self.tops + self.bottoms
        return min(ends), max(ends)


def set_tracks(wires: dict[Any, Wire]) -> int:
    """Chooses the tracks of the wires in a gap, numbered from above.

    Wires share a track where their spans are apart. If one comes from above where another leaves below, it turns first,
    so that they do not run on top of one another.

    Returns:
        The number of tracks.

    Example:
        >>> wires = {"a": Wire([0.0], [50.0]), "b": Wire([50.0], [0.0]), "c": Wire([80.0], [80.0])}
        >>> set_tracks(wires), wires["c"].track
        (2, None)
    """
    bent = [wire for wire in wires.values() if wire.span[1] - wire.span[0] > 0.5]
    before = {
        id(wire): [
            other
            for other in bent
            if other is not wire and any(abs(own - top) < _NEAR for own in wire.bottoms for top in other.tops)
        ]
        for wire in bent
    }
    tracks: list[list[tuple[float, float]]] = []
    rest = sorted(bent, key=lambda wire: (wire.span[0], wire.span[1]))
    while rest:
        # If each waits for another, the first one goes ahead: the lines then cover each other for a short piece.
        wire = next((own for own in rest if not any(other in rest for other in before[id(own)])), rest[0])
        rest.remove(wire)
        track = max((other.track + 1 for other in before[id(wire)] if other.track is not None), default=0)
        start, end = wire.span
        while track < len(tracks) and any(low < end + _NEAR and start < high + _NEAR for low, high in tracks[track]):
            track += 1
        while len(tracks) <= track:
            tracks.append([])
        tracks[track].append((start, end))
        wire.track = track
    return len(tracks)
