"""Global settings, and the file they may come from."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from minikeras import config, layers, ops
from minikeras.errors import ArgumentError, UnknownNameError


@pytest.fixture(autouse=True)
def _settings_as_they_were():
    before = dict(config._settings)
    yield
    config._settings.update(before)


def test_defaults_and_setting():
    assert (config.floatx(), config.epsilon(), config.image_data_format()) == ("float32", 1e-7, "channels_last")
    assert config.backend() == "numpy"
    config.set_floatx("float64")
    config.set_epsilon(1)
    config.set_image_data_format("channels_first")
    assert (config.floatx(), config.epsilon(), config.image_data_format()) == ("float64", 1.0, "channels_first")
    assert isinstance(config.epsilon(), float)


def test_code_in_configs_is_refused_until_it_is_allowed():
    assert config.is_deserialization_safe()
    config.enable_unsafe_deserialization()
    assert not config.is_deserialization_safe()


@pytest.mark.parametrize(
    ("setter", "value", "error", "message"),
    [
        (config.set_floatx, "flaot32", UnknownNameError, "Did you mean 'float32'"),
        (config.set_floatx, "int32", UnknownNameError, "Unknown float type in `set_floatx`: 'int32'"),
        (config.set_floatx, None, UnknownNameError, "None"),
        (config.set_epsilon, 0, ArgumentError, "set_epsilon: `value` must be a finite number > 0. Received: value=0"),
        (config.set_epsilon, -1e-7, ArgumentError, "a finite number > 0"),
        (config.set_epsilon, float("nan"), ArgumentError, "a finite number > 0"),
        (config.set_epsilon, "1e-7", ArgumentError, "a finite number > 0"),
        (config.set_epsilon, True, ArgumentError, "a finite number > 0"),
        (config.set_image_data_format, "channel_last", UnknownNameError, "Did you mean 'channels_last'"),
    ],
)
def test_refused(setter, value, error, message):
    before = dict(config._settings)
    with pytest.raises(error, match=message):
        setter(value)
    assert config._settings == before


def load(tmp_path, text):
    path = tmp_path / "keras.json"
    path.write_text(text, encoding="utf-8")
    config.load_settings(str(path))
    assert path.read_text(encoding="utf-8") == text


def test_the_file(tmp_path):
    config.load_settings(str(tmp_path / "nothing.json"))
    load(tmp_path, json.dumps({"floatx": "float16", "epsilon": 1e-3, "backend": "tensorflow"}))
    assert (config.floatx(), config.epsilon(), config.image_data_format()) == ("float16", 1e-3, "channels_last")


@pytest.mark.parametrize("text", ["{", "[1]", '{"floatx": "float"}', '{"epsilon": "a"}', "\x00"])
def test_a_file_that_cannot_be_used(tmp_path, text):
    with pytest.warns(UserWarning, match=r"Settings in .*keras.json are ignored: "):
        load(tmp_path, text)
    assert (config.floatx(), config.epsilon()) == ("float32", 1e-7)


def test_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert config.keras_home() == str(tmp_path)
    for name in ("", None):
        if name is None:
            monkeypatch.delenv("KERAS_HOME")
        else:
            monkeypatch.setenv("KERAS_HOME", name)
        assert config.keras_home() == os.path.join(os.path.expanduser("~"), ".keras")


def test_settings_are_read_at_import_and_no_folder_is_made(tmp_path):
    script = "import minikeras; print(minikeras.config.floatx())"

    def run():
        environment = {**os.environ, "KERAS_HOME": str(tmp_path / "home")}
        done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
        assert done.returncode == 0 and done.stderr == ""
        return done.stdout.strip()

    assert run() == "float32" and not (tmp_path / "home").exists()
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "keras.json").write_text('{"floatx": "float64"}', encoding="utf-8")
    assert run() == "float64" and os.listdir(tmp_path / "home") == ["keras.json"]


def test_data_formats_of_arguments():
    assert config.resolved_data_format("Here", None) == "channels_last"
    config.set_image_data_format("CHANNELS_FIRST")
    assert config.image_data_format() == "channels_first"
    assert config.resolved_data_format("Here", None) == "channels_first"
    assert config.resolved_data_format("Here", "Channels_Last") == "channels_last"
    with pytest.raises(UnknownNameError, match="data_format of Here: ''"):
        config.resolved_data_format("Here", "")


def test_the_case_of_data_formats_does_not_matter():
    x = np.arange(24, dtype="float32").reshape(1, 2, 3, 4)
    assert layers.UpSampling2D(2, "Channels_First").get_config()["data_format"] == "channels_first"
    assert layers.Flatten("CHANNELS_LAST").data_format == "channels_last"
    assert ops.image.resize(x, (6, 8), data_format="CHANNELS_FIRST").shape == (1, 2, 6, 8)
    assert ops.max_pool(x, 2, data_format="CHANNELS_FIRST").shape == (1, 2, 1, 2)
