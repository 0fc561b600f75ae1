from minikeras.crosschecking import CrossCheck, LayerRow

GOOD = LayerRow("first", "Dense", ((None, 2), (None, 2)), (6, 6), 1e-8, 2e-8)
FAR = LayerRow("second", "Dense", ((None, 2), (None, 2)), (6, 6), 0.5, 0.25)


def test_what_agrees():
    found = CrossCheck("m", "Keras", 1e-4, [GOOD], [(1.0, 1.0)], [0.0], [("w", 1e-7, 1e-6)])
    assert found.agrees and found.first_layer is found.first_step is None
    assert found.verdict() == "Both sides agree within 0.0001."
    assert "First step whose loss differs: none" in found.text() and str(found) == found.text()


def test_what_differs_is_named():
    losses = [(1.0, 1.0)] * 30
    apart = [0.0] * 22 + [float("nan")] + [1.0] * 7
    found = CrossCheck("m", "Keras", 1e-4, [GOOD, FAR, FAR], losses, apart, [("w", 0.5, 1e-6), ("v", 0.25, 0.5)])
    assert (found.first_layer, found.first_step, found.worst_weight[0]) == ("second", 23, "v")
    assert not found.agrees
    assert found.verdict() == (
        "The two sides differ by more than 0.0001. The first layer that differs is 'second'. The first step whose loss "
        "differs is 23. The weight that differs most is 'v', by 2.5e-01."
    )
    text = found.text()
    assert "second   Dense    (None, 2)" in text and "5.0e-01" in text
    steps = text.partition("30 steps of training")[2].partition("Weights")[0].splitlines()
    assert [line.split()[0] for line in steps[3:] if line] == "1 4 7 11 14 17 20 23 24 27 30".split()


def test_other_shapes_and_counts_differ_even_without_outputs():
    row = LayerRow("a", "Dense", ((None, 2), (None, 2)), (6, 6), None, None)
    assert row.agrees(0.0) and row.cells()[-1] == ""
    assert not LayerRow("a", "Dense", ((None, 2), (None, 3)), (6, 6), None, None).agrees(1.0)
    assert not LayerRow("a", "Dense", ((None, 2), (None, 2)), (6, 5), None, None).agrees(1.0)


def test_the_page_has_tables_and_curves():
    losses = [(1.0, 2.0), (0.5, 0.5)]
    found = CrossCheck("a <b>", "Keras", 1e-4, [GOOD], losses, [0.5, 0.0], [("w", 0.0, 0.0)], ["a & b"])
    page = found.html()
    assert page.count("<table>") == 3 and page.count("<svg") == 2 and page.count("<polyline") == 3
    assert "a &lt;b&gt;" in page and "a &amp; b" in page and "<b>" not in page
