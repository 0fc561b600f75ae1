import importlib.util
import pathlib
import sys

import numpy as np
import pytest
from PIL import Image

SCRIPT = pathlib.Path(__file__).parent.parent.parent / "examples" / "image_folder.py"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("image_folder", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table_of(printed):
    """Training and test accuracy by kind of pictures."""
    lines = printed.split("seconds\n")[1].splitlines()[:2]
    return {line[:12].strip(): [float(number) for number in line[12:].split()[:2]] for line in lines}


def test_trains_and_draws(example, tmp_path, capsys):
    output = tmp_path / "new" / "folder"
    example.main(["--pictures", "60", "--epochs", "14", "--output", str(output)])
    printed = capsys.readouterr().out
    assert f"Wrote 240 pictures to {output / 'training'}" in printed
    plain, augmented = table_of(printed).values()
    assert plain[0] > 0.95 and plain[1] < augmented[1] - 0.1  # one has learned the training pictures only
    for name in ("augmented", "curves", "mistakes"):
        assert f"Wrote {output / name}.png" in printed
        assert (output / f"{name}.png").read_bytes().startswith(PNG)


def test_the_seed_fixes_the_result(example, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
    monkeypatch.setattr(example, "TEST", 5)
    found = []
    for seed in ("1", "1", "2"):
        example.main(["--pictures", "8", "--epochs", "2", "--seed", seed, "--output", str(tmp_path)])
        printed = capsys.readouterr().out
        assert 'pip install "minikeras[plot]"' in printed
        found.append((table_of(printed), (tmp_path / "test" / "T" / "0004.png").read_bytes()))
    assert found[0] == found[1]
    assert found[0][1] != found[2][1]


def test_folder(example, tmp_path):
    """Pictures of an earlier run are gone; those of one letter differ in size and color."""
    for count in (3, 2):
        example.make_folder(tmp_path, count, np.random.default_rng(0), is_moved=True)
    for letter in "EFLT":
        assert sorted(path.name for path in (tmp_path / letter).iterdir()) == ["0000.png", "0001.png"]
    pictures = [np.asarray(Image.open(path)) for path in sorted((tmp_path / "E").iterdir())]
    assert all(picture.ndim == 3 and picture.shape[2] == 3 for picture in pictures)
    assert pictures[0].shape != pictures[1].shape


def test_strokes_of_an_upright_letter(example, tmp_path):
    """The letter fills the middle half of its picture; an L has ink at the left and at the bottom only."""

    class Draws:
        def integers(self, low, high, size=None):
            return 60 if size is None else np.full(size, low)

        def random(self):
            return 0.0  # light ink

        def normal(self, mean, deviation, shape):
            return np.zeros(shape)

    example.make_picture(tmp_path / "l.png", "L", Draws(), is_moved=False)
    ink = np.asarray(Image.open(tmp_path / "l.png"))[..., 0] == 130
    rows, columns = np.nonzero(ink)
    assert (rows.min(), rows.max(), columns.min()) == (15, 45, 15)
    assert ink[30, 18] and ink[42, 35] and not ink[30, 35] and not ink[10, 18]


def test_batches(example, tmp_path):
    example.make_folder(tmp_path, 9, np.random.default_rng(0), is_moved=False)
    batches = example.read(tmp_path, seed=0)
    (pictures, letters), (rest, _) = batches
    assert pictures.shape == (32, 32, 32, 3) and rest.shape == (4, 32, 32, 3) and pictures.dtype == np.float32
    assert sorted(set(letters.tolist())) == [0, 1, 2, 3] and letters.tolist() != sorted(letters.tolist())
    changed, _ = next(iter(example.augmented(batches, example.build_augmentation())))
    assert changed.shape == pictures.shape and 0 <= changed.min() and changed.max() <= 255


def test_mistakes(example):
    """A network that always says F is wrong about all others."""
    model = example.build_model()
    kernel, bias = model.layers[-1].get_weights()
    model.layers[-1].set_weights([0 * kernel, np.float32([0, 1, 0, 0])])
    pictures = np.zeros((4, 32, 32, 3), "float32")
    test = example.Dataset.from_tensor_slices((pictures, np.arange(4))).batch(3)
    wrong = example.find_mistakes(model, test)
    assert [(letter, guess) for _, letter, guess in wrong] == [("E", "F"), ("L", "F"), ("T", "F")]
    figure = example.plot_mistakes({"as they are": wrong, "augmented": []})
    assert [axes.get_title() for axes in figure.axes[:4]] == ["E, read as F", "L, read as F", "T, read as F", ""]


def test_curves(example):
    histories = {"as they are": {"accuracy": [0.5, 1.0], "val_accuracy": [0.4, 0.6]}}
    left, right = example.plot_curves(histories).axes
    assert left.lines[0].get_xydata().tolist() == [[1, 0.5], [2, 1.0]]
    assert right.lines[0].get_xydata().tolist() == [[1, 0.4], [2, 0.6]]


def test_grid_of_augmented_pictures(example, tmp_path):
    example.make_folder(tmp_path, 2, np.random.default_rng(0), is_moved=False)
    training = example.read(tmp_path, seed=0)
    axes = example.plot_augmented(training, example.build_augmentation()).axes
    assert [row.get_ylabel() for row in axes[:: example.CHANGED + 1]] == ["E", "F", "L", "T"]
    drawn = [each.images[0].get_array() for each in axes]
    pictures = {picture.astype("uint8").tobytes(): label for picture, label in training.unbatch().as_numpy_iterator()}
    assert [pictures[each.tobytes()] for each in drawn[:: example.CHANGED + 1]] == [0, 1, 2, 3]
    assert len({each.tobytes() for each in drawn}) == 32


def test_defaults(example):
    options = vars(example.parse_options([]))
    assert options == {"pictures": 80, "epochs": 25, "seed": 0, "output": pathlib.Path("image_folder_output")}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--epochs", "0"], "--epochs: expected an integer of at least 1, received '0'"),
        (["--pictures", "1001"], "--pictures: expected an integer from 1 to 1000, received '1001'"),
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
    assert capsys.readouterr().out == ""  # before anything was drawn


def test_without_pillow(example, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)  # as if it were not installed
    with pytest.raises(SystemExit, match=r'pip install "minikeras\[image\]"'):
        example.main(["--output", str(tmp_path / "folder")])
    assert not (tmp_path / "folder").exists()
