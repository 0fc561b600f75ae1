"""Settings and dtypes."""

import pytest

from minikeras import backend, config
from minikeras.errors import LegacyWarning


def test_settings_are_those_of_config():
    for name in ("backend", "epsilon", "floatx", "image_data_format", "set_epsilon", "set_floatx"):
        assert getattr(backend, name) is getattr(config, name)
    assert backend.backend() == "numpy"


def test_kinds_of_dtypes():
    assert backend.is_float_dtype("float64") and not backend.is_float_dtype("int32")
    assert backend.is_int_dtype("uint8") and not backend.is_int_dtype("bool") and not backend.is_int_dtype("float16")
    assert backend.result_type("int32", "float32") == "float32" and backend.standardize_dtype(int) == "int32"


def test_old_names_of_layouts():
    with pytest.warns(LegacyWarning, match=r"`K.image_dim_ordering\(\)`"):
        assert backend.image_dim_ordering() == "tf"
    with pytest.warns(LegacyWarning, match=r"write `keras.config.set_image_data_format\('channels_first'\)`"):
        backend.set_image_dim_ordering("th")
    assert backend.image_data_format() == "channels_first"
    with pytest.warns(LegacyWarning):
        assert backend.image_dim_ordering() == "th"
    backend.set_image_data_format("channels_last")
    with pytest.raises(ValueError, match="'tf' or 'th'"):
        backend.set_image_dim_ordering("channels_last")
