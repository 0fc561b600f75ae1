import importlib.util
import pathlib
import sys

import numpy as np
import pytest

SCRIPT = pathlib.Path(__file__).parent.parent.parent / "examples" / "residual_network.py"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("residual_network", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_trains_and_draws(example, tmp_path, capsys):
    output = tmp_path / "new" / "folder"
    options = ["--depths", "8", "14", "--channels", "4", "--images", "200", "--epochs", "2", "--output", str(output)]
    example.main(options)
    header, *rows = capsys.readouterr().out.splitlines()
    assert header.startswith("layers  network")
    assert [row.split()[:2] for row in rows[:4]] == [
        [depth, kind] for depth in ("8", "14") for kind in ("plain", "residual")
    ]
    for name, row in zip(("gradients.png", "curves.png"), rows[4:], strict=True):
        assert row == f"Wrote {output / name}"
        assert (output / name).read_bytes().startswith(PNG)


def test_the_seed_fixes_the_result(example, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
    printed = []
    for seed in ("1", "1", "2"):
        example.main(["--depths", "8", "--channels", "2", "--images", "40", "--epochs", "1", "--seed", seed])
        *rows, last = capsys.readouterr().out.splitlines()
        assert 'pip install "minikeras[plot]"' in last
        printed.append([row.split()[:-1] for row in rows])  # all but the seconds
    first, again, other = printed
    assert first == again != other


def test_networks(example):
    """As deep as they are said to be; the residual one has the same weights."""
    for depth in (8, 20):
        plain, residual = (example.build_model(depth, is_residual, 4) for is_residual in (False, True))
        for model in (plain, residual):
            assert sum(weight.name == "kernel" for weight in model.weights) == depth
        assert [weight.shape for weight in plain.weights] == [weight.shape for weight in residual.weights]


def test_a_residual_block_that_adds_nothing_is_the_identity(example):
    model = example.build_model(8, True, 4)
    for layer in model.layers[2:-1]:
        layer.set_weights([np.zeros_like(weight) for weight in layer.get_weights()])
    x = np.random.default_rng(0).uniform(size=(3, 14, 14, 1)).astype("float32")
    features = np.asarray(model.layers[1](x))
    for side in (7, 3):  # pooling
        features = features[:, : 2 * side, : 2 * side].reshape(3, side, 2, side, 2, 4).max(axis=(2, 4))
    np.testing.assert_allclose(model.predict(x, verbose=0), model.layers[-1](features.mean(axis=(1, 2))), rtol=1e-5)


def test_gradients_vanish_in_plain_networks(example):
    images = np.random.default_rng(0).uniform(size=(16, 14, 14, 1)).astype("float32")
    labels = np.arange(16) % 10
    plain, residual = (
        example.layer_gradients(example.build_model(38, is_residual, 4), images, labels)
        for is_residual in (False, True)
    )
    for found in (plain, residual):
        assert {name: len(norms) for name, norms in found.items()} == {"outputs": 37, "kernels": 38}
    for name in ("outputs", "kernels"):
        assert plain[name][0] < 1e-4 * residual[name][0]
    assert plain["outputs"][0] < 1e-4 * plain["outputs"][-1]  # on the way back


def test_images(example):
    images = np.zeros((2, 28, 28), "uint8")
    images[1, 2:4, 4] = 255
    prepared = example.prepare_images(images)
    assert prepared.shape == (2, 14, 14, 1) and prepared.dtype == np.float32
    assert prepared[1, 1, 2, 0] == 0.5 and prepared.sum() == 0.5


def test_defaults(example):
    options = vars(example.parse_options([]))
    assert options == {
        "depths": [20, 56],
        "channels": 16,
        "images": 3_200,
        "epochs": 6,
        "batch_size": 64,
        "seed": 0,
        "output": pathlib.Path("residual_network_output"),
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--depths", "21"], "--depths: expected 2 more than a multiple of 6, such as 8 or 20, received '21'"),
        (["--depths", "2"], "--depths: expected an integer of at least 8, received '2'"),
        (["--epochs", "0"], "--epochs: expected an integer of at least 1, received '0'"),
        (["--images", "60001"], "--images: expected an integer from 1 to 60000, received '60001'"),
        (["--seed", "-1"], "--seed: expected an integer from 0 to 4294967295"),
    ],
)
def test_wrong_options(example, capsys, arguments, message):
    with pytest.raises(SystemExit) as error:
        example.main(arguments)
    assert error.value.code == 2
    assert message in capsys.readouterr().err


def test_output_that_cannot_be_a_folder(example, tmp_path, capsys):
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit, match="--output: cannot make the folder"):
        example.main(["--output", str(tmp_path / "file")])
    assert capsys.readouterr().out == ""  # before anything was trained


def test_pictures(example):
    history = {"loss": [2.0, 1.0], "val_accuracy": [0.4, 0.7]}
    results = [
        example.Result(kind, depth, {"outputs": [10.0**-depth, 1.0], "kernels": [2.0, 1.0]}, history)
        for depth in (8, 20)
        for kind in example.KINDS
    ]
    figure = example.plot_gradients(results)
    assert [axes.get_title() for axes in figure.axes] == [
        f"Gradients of the {name}, {depth} layers" for name in ("outputs", "kernels") for depth in (8, 20)
    ]
    drawn = {line.get_label(): line.get_xydata().tolist() for line in figure.axes[1].lines}
    assert drawn == dict.fromkeys(example.KINDS, [[1, 1e-20], [2, 1]])
    lines = example.plot_curves(results).axes[1].lines
    assert [line.get_label() for line in lines] == [
        f"{kind}, {depth} layers" for depth in (8, 20) for kind in example.KINDS
    ]
    assert lines[0].get_xydata().tolist() == [[1, 0.4], [2, 0.7]]
    assert len({(line.get_color(), line.get_linestyle(), line.get_marker()) for line in lines}) == 4
