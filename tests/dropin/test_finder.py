import importlib.util
import sys
import traceback

import numpy as np
import pytest

import minikeras
from minikeras import dropin
from minikeras.dropin import EagerTensor
from minikeras.dropin.missing import Missing
from minikeras.errors import LegacyWarning, MissingNameError, NotSupportedError

SAME = """
keras.layers.Dense keras.layers.core.Dense tensorflow.keras.layers.Dense tf_keras.layers.Dense
tensorflow.python.keras.layers.Dense keras.engine.topology.Dense
""".split()


PLACES = ("utils", "preprocessing")


def find(path):
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


@pytest.mark.filterwarnings("ignore::minikeras.errors.LegacyWarning")
def test_all_ways_lead_to_one_class(installed):
    assert {find(path) for path in SAME} == {minikeras.layers.Dense}
    assert find("keras.utils.np_utils.to_categorical") is minikeras.utils.to_categorical
    assert find("keras.objectives.mean_squared_error") is minikeras.losses.mean_squared_error
    assert find("keras.engine.training.Model") is find("keras.Model") is minikeras.Model
    assert find("keras.optimizers.legacy.Adam") is minikeras.optimizers.legacy.Adam
    assert find("keras.optimizers.schedules.CosineDecay") is minikeras.optimizers.schedules.CosineDecay
    assert find("keras.mixed_precision.Policy") is minikeras.DTypePolicy
    assert find("keras.constraints.maxnorm") is minikeras.constraints.MaxNorm
    assert issubclass(find("tensorflow.GradientTape"), minikeras.GradientTape)  # numpy's functions are not recorded


@pytest.mark.filterwarnings("ignore::minikeras.errors.LegacyWarning")
def test_ways_to_readers_and_datasets(installed):
    own = minikeras.utils
    for path in ("tensorflow.keras.utils", "keras.utils", "keras.utils.data_utils"):
        assert find(f"{path}.get_file") is own.get_file
    for kind in ("image_dataset_from_directory", "text_dataset_from_directory", "timeseries_dataset_from_array"):
        ways = {find(f"{root}.{place}.{kind}") for root in ("keras", "tensorflow.keras") for place in PLACES}
        assert ways == {getattr(own, kind)}
    assert find("tensorflow.keras.utils.audio_dataset_from_directory") is own.audio_dataset_from_directory
    assert find("tensorflow.keras.utils.split_dataset") is own.split_dataset
    assert find("keras.utils.FeatureSpace") is own.FeatureSpace and find("keras.utils.Config") is own.Config
    assert find("keras.preprocessing.image.smart_resize") is minikeras.preprocessing.image.smart_resize
    for name in minikeras.datasets.__all__:
        load = getattr(minikeras.datasets, name).load_data
        assert find(f"tensorflow.keras.datasets.{name}.load_data") is find(f"keras.datasets.{name}.load_data") is load


def test_what_keras_says_of_itself(installed):
    keras, tensorflow = installed("keras"), installed("tensorflow")
    assert keras.__version__ == keras.version() == tensorflow.keras.__version__ == "3.15.1"
    assert tensorflow.__version__ == tensorflow.version.VERSION == "2.21.0"
    assert {"Dense", "Conv2D"} <= set(dir(keras.layers)) and "Sequential" in keras.__all__
    assert repr(keras) == "<module 'keras' (minikeras)>"
    assert not {"autodiff", "from_scratch"} & set(keras.__all__) and "GradientTape" in keras.__all__
    assert keras.Sequential is minikeras.Sequential and not hasattr(keras, "_serialization")


def test_an_old_path_warns_at_the_line_of_the_import(installed):
    with pytest.warns(LegacyWarning, match="`keras.layers.merge` is the .* write `keras.layers`") as caught:
        from keras.layers.merge import Add  # noqa: F401
    assert [warning.filename for warning in caught] == [__file__]
    from keras.layers.merge import Dot  # noqa: F401  (a second time it does not)

    with pytest.warns(LegacyWarning, match="`keras.engine.topology`") as caught:
        from keras.engine.topology import Layer  # noqa: F401
    assert len(caught) == 1
    from keras.utils import np_utils

    with pytest.warns(LegacyWarning, match="`keras.utils.np_utils`") as caught:
        np_utils.to_categorical([0, 1])
    assert [warning.filename for warning in caught] == [__file__]


def test_what_is_missing_says_so_when_it_is_used(installed, monkeypatch):
    monkeypatch.delattr(minikeras.distribution, "DeviceMesh", raising=False)
    monkeypatch.delattr(minikeras.distribution, "__getattr__")  # which would import it again
    from keras.distribution import DeviceMesh

    assert isinstance(DeviceMesh, Missing) and repr(DeviceMesh) == "<keras.distribution.DeviceMesh: not in minikeras>"
    assert not isinstance(3, DeviceMesh) and not issubclass(int, DeviceMesh)
    assert minikeras.Sequential and [getattr(minikeras.layers, name) for name in minikeras.layers.__all__]  # loaded
    monkeypatch.delattr(minikeras.layers, "Dense")
    monkeypatch.delattr(minikeras.layers, "__getattr__")  # which would import it again
    import keras

    dense = keras.layers.Dense
    with pytest.raises(NotSupportedError):
        dense.call  # noqa: B018
    with pytest.raises(NotSupportedError, match=r"`keras.layers.Dense` is not in minikeras. .* `pip install keras`"):
        dense(3)
    with pytest.raises(NotSupportedError):

        class My(dense):
            pass


def test_names_that_nobody_has(installed):
    import keras
    import tensorflow as tf

    with pytest.raises(AttributeError, match=r"`keras.layers.Dens` is neither .* available name: `Dense`"):
        keras.layers.Dens  # noqa: B018
    with pytest.raises(ImportError, match="`keras.layers.Dens` is neither"):
        from keras.layers import Dens  # noqa: F401
    with pytest.raises(ImportError, match="`keras.layers.cor` is neither"):
        import keras.layers.cor
    with pytest.raises(ImportError, match="`keras.src.layers` is neither"):
        import keras.src.layers
    with pytest.raises(AttributeError, match=r"`tensorflow.lite` is not in minikeras.* needs real TensorFlow"):
        tf.lite  # noqa: B018
    with pytest.raises(ImportError, match=r"`tensorflow.reduce_meen` is not .* available name: `reduce_mean`"):
        from tensorflow import reduce_meen  # noqa: F401
    with pytest.raises(ImportError, match="`tensorflow_datasets` uses internals of TensorFlow"):
        import tensorflow_datasets  # noqa: F401
    assert not hasattr(tf, "Session") and not hasattr(tf, "contrib") and not hasattr(tf.compat.v1, "app")


def test_uninstall_brings_everything_back(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", sys)
    monkeypatch.setitem(sys.modules, "keras.layers", sys)
    before = list(sys.meta_path)
    dropin.install()
    dropin.install()  # a second time it does nothing
    assert dropin.is_installed() and "keras" not in sys.modules
    assert importlib.util.find_spec("tensorflow").origin == "minikeras"
    import keras

    assert keras.Layer is minikeras.Layer and type(minikeras.ops.zeros(1)) is EagerTensor
    dropin.uninstall()
    dropin.uninstall()
    assert sys.meta_path == before and sys.modules["keras"] is sys.modules["keras.layers"] is sys
    assert type(minikeras.ops.zeros(1)).__name__ == "ndarray" and not dropin.is_installed()


ABSENT = """
import tensorflow_addons
import tensorflow_hub as hub
import keras.foo
from keras.foo import x
from keras.utils import foo
from keras.layers import MaxoutDense
from keras.layers.convolutional_recurrent import ConvRecurrent2D
from keras.layers.recurrent import Recurrent
from keras.engine.topology import Container
from keras.legacy import interfaces
from tensorflow.contrib import layers
from tensorflow.python.keras.layers import Foo
""".strip().splitlines()


@pytest.mark.parametrize("line", ABSENT)
def test_scripts_reach_their_fallbacks(installed, line):
    with pytest.raises(ModuleNotFoundError):  # which `except ImportError` catches as well
        exec(line)


def test_a_name_that_moved_is_not_in_its_old_place(installed, monkeypatch):
    monkeypatch.delattr(minikeras.utils, "normalize", raising=False)
    monkeypatch.delattr(minikeras.utils, "__getattr__")  # which would import it again
    with pytest.raises(ImportError, match=r"`keras.utils.np_utils.normalize` is not in .* location is `keras.utils`"):
        from keras.utils.np_utils import normalize  # noqa: F401


def test_pictures_of_models_in_their_old_places(installed):
    with pytest.warns(LegacyWarning, match="`keras.utils.vis_utils` is the spelling of an older Keras"):
        from keras.utils.vis_utils import model_to_dot, plot_model
    assert (model_to_dot, plot_model) == (minikeras.utils.model_to_dot, minikeras.utils.plot_model)
    with pytest.warns(LegacyWarning, match="`keras.utils.visualize_util`"):
        from keras.utils.visualize_util import plot_model as oldest
    assert oldest is plot_model


def test_old_modules_of_layers(installed):
    with pytest.warns(LegacyWarning, match="`keras.layers.convolutional` is the spelling of an older Keras"):
        from keras.layers.convolutional import Convolution2D, SeparableConv2D
    assert (Convolution2D, SeparableConv2D) == (minikeras.layers.Convolution2D, minikeras.layers.SeparableConv2D)
    with pytest.warns(LegacyWarning, match="`keras.layers.recurrent`"):
        from keras.layers.recurrent import LSTM
    assert LSTM is minikeras.layers.LSTM
    with pytest.warns(LegacyWarning, match="`keras.layers.experimental.preprocessing`"):
        from keras.layers.experimental.preprocessing import TextVectorization
    with pytest.warns(LegacyWarning, match="`keras.layers.preprocessing`"):
        from keras.layers.preprocessing import Hashing
    assert (TextVectorization, Hashing) == (minikeras.layers.TextVectorization, minikeras.layers.Hashing)


def test_asking_for_a_module_does_not_raise(installed):
    there = ["keras", "keras.layers", "tensorflow", "tensorflow.keras.layers"]
    absent = ["tensorflow_hub", "keras_cv", "keras.foo", "tensorflow.foo"]
    assert [importlib.util.find_spec(name) is not None for name in there + absent] == [True] * 4 + [False] * 4


def test_names_are_there_or_not_as_in_keras(installed, monkeypatch):
    monkeypatch.delattr(minikeras.distribution, "DeviceMesh", raising=False)
    monkeypatch.delattr(minikeras.distribution, "__getattr__")  # which would import it again
    keras, tf = installed("keras"), installed("tensorflow")
    assert not hasattr(keras, "foo") and not hasattr(keras.layers, "MaxoutDense") and not hasattr(tf, "contrib")
    missing = keras.distribution.DeviceMesh
    assert hasattr(keras.distribution, "DeviceMesh") and not hasattr(missing, "foo")
    with pytest.raises(MissingNameError, match="is not in minikeras"):
        missing.foo  # noqa: B018


def test_a_traceback_says_one_nearest_name(installed):
    keras = installed("keras")
    try:
        keras.layers.Dens  # noqa: B018
    except AttributeError as error:
        last = traceback.format_exception(error)[-1]
    assert last.count("Dense") == 1 and ".." not in last and "Did you mean" not in last


def test_images_of_tensorflow_are_prepared_and_left_alone(installed):
    tf = installed("tensorflow")
    from tensorflow.keras.applications.vgg16 import preprocess_input

    x = tf.constant([[[1.0, 2.0, 3.0]]])
    y = preprocess_input(x)
    assert isinstance(y, tf.Tensor) and np.allclose(y.numpy(), [[[3 - 103.939, 2 - 116.779, 1 - 123.68]]])
    assert x.numpy().tolist() == [[[1.0, 2.0, 3.0]]]


def test_the_backend_that_a_script_hears_of(installed):
    keras = installed("keras")
    assert keras.backend.backend() == keras.config.backend() == "numpy"
    tf = installed("tensorflow")
    assert keras.backend.backend() == keras.config.backend() == tf.keras.backend.backend() == "tensorflow"
    dropin.uninstall()
    assert minikeras.config.backend() == "numpy"
