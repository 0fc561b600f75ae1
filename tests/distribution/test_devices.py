import pytest

from minikeras.distribution import get_device_count, initialize, list_devices
from minikeras.errors import ArgumentError, NotSupportedError


def test_one_process_is_one_device():
    assert list_devices() == list_devices("cpu") == list_devices("CPU") == ["cpu:0"]
    assert list_devices("gpu") == [] and get_device_count("tpu") == 0 and get_device_count() == 1
    for function in (list_devices, get_device_count):
        with pytest.raises(ArgumentError, match="must be 'cpu', 'gpu', 'tpu' or None. Received: device_type='npu'"):
            function("npu")


def test_initialize_checks_what_the_launcher_says(monkeypatch):
    initialize()
    initialize(num_processes=1, process_id=0)
    with pytest.raises(ArgumentError, match=r"expected num_processes=1, .* Received: num_processes=2"):
        initialize(num_processes=2)
    with pytest.raises(ArgumentError, match=r"expected process_id=0, .* Received: process_id=1"):
        initialize(process_id=1)
    with pytest.raises(NotSupportedError, match="mpirun --host"):
        initialize("10.0.0.1:1234,10.0.0.2:2345")
    monkeypatch.setenv("KERAS_DISTRIBUTION_NUM_PROCESSES", "3")
    with pytest.raises(ArgumentError, match="Received: num_processes=3"):
        initialize()
    initialize(num_processes=1)
    monkeypatch.setenv("KERAS_DISTRIBUTION_JOB_ADDRESSES", "10.0.0.1:1234")
    with pytest.raises(NotSupportedError, match=r"Received: job_addresses='10.0.0.1:1234'"):
        initialize(num_processes=1)
