"""What holds for layers that wrap models of other frameworks: they are refused, also when a file has one."""

import json
import zipfile

import pytest

import minikeras
from minikeras import layers
from minikeras.errors import MinikerasError, NotSupportedError


def check_refusal(name, given, message, folder):
    """Checks that a layer is refused with a message by its constructor, in a config and in a file.

    Args:
        name: The class.
        given: Arguments of the constructor.
        message: What the message says, a regular expression.
        folder: A folder for files.
    """
    made = getattr(layers, name)
    assert issubclass(made, layers.Layer) and issubclass(NotSupportedError, NotImplementedError)
    config = {"module": "keras.layers", "class_name": name, "config": {"name": "x", "anything": [1]}}
    for call in (
        lambda: made(**given),
        lambda: layers.deserialize(config),
        lambda: made.from_config(config["config"]),
        lambda: made.from_config(config["config"], safe_mode=True),
    ):
        with pytest.raises(NotSupportedError, match=f"^{name} wraps {message}"):
            call()
    with pytest.raises(MinikerasError, match=f"{name} wraps {message}"):
        minikeras.saving.load_model(_file_with(name, folder))


def _file_with(name, folder):
    path, changed = folder / "a.keras", folder / "b.keras"
    minikeras.Sequential([layers.Input((2,)), layers.Dense(2, name="x")]).save(path)
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(changed, "w") as after:
        for entry in before.namelist():
            content = before.read(entry)
            if entry == "config.json":
                config = json.loads(content)
                config["config"]["layers"][1].update(class_name=name, config={"name": "x", "module": "AAAA"})
                content = json.dumps(config)
            after.writestr(entry, content)
    return changed
