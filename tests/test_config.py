"""Global settings, and the file they may come from."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

import minikeras
from minikeras import config, layers, ops, utils
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
        (config.set_max_epochs, -1, ArgumentError, "set_max_epochs: `max_epochs` must be an integer >= 0"),
        (config.set_max_epochs, 1.5, ArgumentError, "Received: max_epochs=1.5"),
        (config.set_max_steps_per_epoch, "3", ArgumentError, "`max_steps_per_epoch` must be an integer >= 0"),
        (config.set_backend, "jax", ArgumentError, "one backend, 'numpy'.*Received: backend='jax'"),
        (config.set_backend, None, ArgumentError, "Received: backend=None"),
    ],
)
def test_refused(setter, value, error, message):
    before = dict(config._settings)
    with pytest.raises(error, match=message):
        setter(value)
    assert config._settings == before


def test_the_backend_can_be_set_to_what_it_is():
    config.set_backend("numpy")
    config.set_backend_name("tensorflow")
    config.set_backend("tensorflow")
    assert config.backend() == "tensorflow" and not config.is_nnx_enabled()


def test_limits():
    assert config.max_epochs() is None and config.max_steps_per_epoch() is None
    config.set_max_epochs(2)
    config.set_max_steps_per_epoch(3)
    assert (config.max_epochs(), config.max_steps_per_epoch()) == (2, 3)
    config.set_max_epochs(0)
    config.set_max_steps_per_epoch(None)
    assert (config.max_epochs(), config.max_steps_per_epoch()) == (0, None)


def test_limits_of_the_environment():
    config.load_limits({"KERAS_MAX_EPOCHS": "2", "KERAS_MAX_STEPS_PER_EPOCH": "3", "KERAS_OTHER": "x"})
    assert (config.max_epochs(), config.max_steps_per_epoch()) == (2, 3)
    for text in ("", "two", "-1"):
        with pytest.warns(UserWarning, match="The environment variable KERAS_MAX_EPOCHS is ignored: "):
            config.load_limits({"KERAS_MAX_EPOCHS": text})
    assert config.max_epochs() == 2


def test_the_environment_is_read_at_import():
    environment = {**os.environ, "KERAS_MAX_EPOCHS": "4", "KERAS_MAX_STEPS_PER_EPOCH": "5"}
    script = "from minikeras import config; print(config.max_epochs(), config.max_steps_per_epoch())"
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("4 5\n", "")


def test_flash_attention():
    assert config.is_flash_attention_enabled() is None
    config.disable_flash_attention()
    assert config.is_flash_attention_enabled() is False
    config.enable_flash_attention()
    assert config.is_flash_attention_enabled() is None
    config.disable_flash_attention()
    utils.clear_session()
    assert config.is_flash_attention_enabled() is None


def test_version():
    assert minikeras.version is config.version and minikeras.version() == minikeras.__version__


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
