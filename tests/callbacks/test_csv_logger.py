"""What a CSV file says after a training, and after one that was interrupted."""

import numpy as np
import pytest

from minikeras.callbacks import Callback, CSVLogger
from minikeras.errors import ArgumentError, ArgumentTypeError
from tests.callbacks.halving import X, Y, fit, halving_model


def test_a_training(tmp_path):
    path = tmp_path / "log.csv"
    model = halving_model()
    logger = CSVLogger(path)
    fit(model, [logger], epochs=2)
    # There may be a validation later, so it has columns.
    assert path.read_bytes() == b"epoch,loss,val_loss\r\n0,4.0,NA\r\n1,1.0,NA\r\n"
    assert logger.csv_file.closed
    fit(model, [CSVLogger(str(path), append=True)], epochs=3, initial_epoch=2)
    assert path.read_bytes().endswith(b"1,1.0,NA\r\n2,0.25,NA\r\n")
    fit(model, [CSVLogger(path, ";")], epochs=1, validation_data=(X, Y))
    assert path.read_bytes() == b"epoch;loss;val_loss\r\n0;0.0625;0.015625\r\n"


def test_values_of_all_kinds(tmp_path):
    logger = CSVLogger(tmp_path / "log.csv", append=True)
    logger.on_train_begin()
    logger.on_epoch_end(0, {"b": np.array([1, 2]), "a": 'x,"y"', "val_a": np.array(0.5), "c": [0.5]})
    logger.on_epoch_end(1, {"a": None, "new": 1.0})
    logger.on_train_begin()  # a second training without the end of the first
    logger.on_epoch_end(0, {"a": 1})
    logger.on_train_end()
    assert (tmp_path / "log.csv").read_text().splitlines() == [
        "epoch,a,b,c,val_a",
        '0,"x,""y""","""[1, 2]""","""[0.5]""",0.5',
        "1,,NA,NA,NA",
        "0,1,NA",
    ]


def test_an_interrupted_training_leaves_whole_lines_and_a_closed_file(tmp_path):
    class Fail(Callback):
        def on_epoch_end(self, epoch, logs=None):
            assert (tmp_path / "log.csv").read_text().count("\n") == epoch + 2  # on disk already
            if epoch == 1:
                raise RuntimeError

    logger = CSVLogger(tmp_path / "log.csv")
    with pytest.raises(RuntimeError):
        fit(halving_model(), [logger, Fail()])
    assert logger.csv_file.closed
    assert (tmp_path / "log.csv").read_text().splitlines()[1:] == ["0,4.0,NA", "1,1.0,NA"]


def state_after(path, lines, **state):
    """The state of a logger that has written some lines."""
    path.write_text(lines)
    return {"bytes": path.stat().st_size, "keys": ["loss"], "last_epoch": lines.count("\n") - 2} | state


@pytest.mark.parametrize(
    ("lines", "behind"),
    [
        ("epoch,loss\n0,4.0\n", ""),
        ("epoch,loss\n0,4.0\n", "1,2.0\n2,1.0\n"),
        ("epoch,loss\n0,4.0\n", "1,2."),
        ("epoch,loss\n0,4.0\n", '1,"2\n'),
        ("", "epoch,loss\n0,4.0\n"),
        ("", "ep"),
    ],
)
def test_lines_that_will_be_written_again_are_taken_off(lines, behind, tmp_path):
    path = tmp_path / "log.csv"
    state = state_after(path, lines, **({} if lines else {"keys": None, "last_epoch": None}))
    path.write_text(lines + behind)
    logger = CSVLogger(path)
    logger._before_resume()
    logger.on_train_begin()
    assert path.read_text() == lines + behind
    logger.set_state(state)
    assert path.read_text() == lines
    logger.on_epoch_end(1 if lines else 0, {"loss": 9.0})
    logger.on_train_end()
    end = "1,9.0\r\n" if lines else "epoch,loss,val_loss\r\n0,9.0,NA\r\n"
    assert path.read_bytes().decode() == lines + end
    logger.on_train_begin()  # nothing was interrupted
    assert path.read_text() == ""
    logger.on_train_end()


def test_lines_of_others_stay(tmp_path):
    path = tmp_path / "log.csv"
    lines, others = "epoch,loss\n0,4.0\n", "0,3.0\n1,2.0\n"
    state = state_after(path, lines)
    for text, message in (
        (lines + others, "has lines of another training"),
        (lines[:-3], "was changed since the backup"),
        ("", "was changed since the backup"),
        (lines[:-1] + "5\n", "was changed since the backup"),
    ):
        path.write_text(text)
        logger = CSVLogger(path, append=True)
        logger.on_train_begin()
        with pytest.warns(UserWarning, match=message):
            logger.set_state(state)
        logger.on_epoch_end(1, {"loss": 9.0})
        logger.on_train_end()
        assert path.read_bytes().decode() == text + ("" if text else "epoch,loss\r\n") + "1,9.0\r\n"


def test_harmful_states(tmp_path):
    path = tmp_path / "log.csv"
    state = state_after(path, "epoch,loss\n0,4.0\n")
    logger = CSVLogger(path, append=True)
    logger.on_train_begin()
    for name, value in (("bytes", "1"), ("keys", [1]), ("last_epoch", 0.5), ("keys", "loss")):
        with pytest.raises(ArgumentError, match="CSVLogger.set_state: expected"):
            logger.set_state(state | {name: value})
    for size in (-1, 3, 2**70):
        with pytest.warns(UserWarning, match="was changed"):
            logger.set_state(state | {"bytes": size})
    logger.on_train_end()
    assert path.read_text() == "epoch,loss\n0,4.0\n"
    assert logger.get_state()["bytes"] is None


def test_a_folder_that_is_not_there(tmp_path):
    model = halving_model()
    with pytest.raises(FileNotFoundError):
        fit(model, [CSVLogger(tmp_path / "none" / "log.csv")])
    assert fit(model, [])["loss"][0] == 4.0


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((3,), ArgumentTypeError),
        (("",), ArgumentError),
        (("a", ";;"), ArgumentTypeError),
        (("a", None), ArgumentTypeError),
        (("a", ",", "yes"), ArgumentTypeError),
    ],
)
def test_bad_arguments(arguments, error):
    with pytest.raises(error, match="CSVLogger: (expected )?`"):
        CSVLogger(*arguments)
