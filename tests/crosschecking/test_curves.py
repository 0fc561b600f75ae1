"""Curves as SVG."""

import xml.etree.ElementTree as ElementTree

from minikeras.crosschecking.curves import curve


def test_curves_leave_out_what_cannot_be_drawn():
    picture = curve({"a": [1.0, float("nan"), 3.0]})
    assert 'points="60.0,210.0 580.0,30.0"' in picture
    picture = curve({"a": [0.0, 1e-4, 1e-2]}, logarithmic=True, line_at=1e-3)
    assert 'points="320.0,210.0 580.0,30.0"' in picture and 'y1="120.0"' in picture
    assert curve({"a": []}).count("<polyline") == 1


def test_labels():
    picture = ElementTree.fromstring(curve({"a <b>": [1.0, 2.0, 5.0], "c": [2.0, 2.0, 2.0]}))
    texts = [each.text for each in picture if each.tag.endswith("text")]
    assert texts == ["1", "5", "1", "3", "a <b>", "c"]  # the range, the first and the last step, the names
    lines = [each for each in picture if each.tag.endswith("polyline")]
    assert len({line.get("stroke") for line in lines}) == 2 and "stroke-dasharray" in lines[1].attrib


def test_a_curve_without_a_range():
    assert 'points="60.0,210.0 580.0,210.0"' in curve({"a": [3.0, 3.0]})
