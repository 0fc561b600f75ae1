"""`tf.dtypes`."""

import numpy as np

from minikeras import Input
from minikeras.data import CsvDataset, Dataset, TensorSpec
from minikeras.dropin.tensorflow import dtypes, tensors


def test_dtypes():
    assert dtypes.as_dtype("float32") == dtypes.float32 == "float32" and dtypes.double == dtypes.float64
    assert dtypes.cast([1.5, 2.5], dtypes.int32).tolist() == [1, 2]
    assert np.zeros(1, dtypes.int8).dtype == np.int8
    assert all(hasattr(dtypes, name) for name in dtypes.__all__)


def test_strings(installed, tmp_path):
    """Wherever a script names their dtype."""
    assert Input((1,), dtype=dtypes.string).dtype == "string"
    for text in (tensors.constant(["a", "bcd"], dtype=dtypes.string), tensors.constant(["a", "bcd"], dtypes.string)):
        assert text.numpy().tolist() == [b"a", b"bcd"]
    assert tensors.convert_to_tensor("bcd", dtypes.string).numpy() == b"bcd"
    data = Dataset.from_generator(lambda: iter(["a"]), output_signature=TensorSpec((), dtypes.string))
    assert next(iter(data)).numpy() == b"a"
    (tmp_path / "table.csv").write_text("1,x\n")
    table = CsvDataset(str(tmp_path / "table.csv"), [dtypes.int32, dtypes.string])
    assert table.element_spec == (TensorSpec((), "int32"), TensorSpec((), "string"))
    assert [part.numpy() for part in next(iter(table))] == [1, b"x"]
