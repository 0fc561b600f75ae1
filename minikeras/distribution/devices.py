"""The devices of a training: its processes, each of which computes on the CPU."""

import os

from ..argument_checks import check_optional_int
from ..errors import ArgumentError, NotSupportedError, brief
from ..tracebacks import filtered
from .mpi import connect

_VARIABLE = "KERAS_DISTRIBUTION_"


@filtered
def list_devices(device_type: str | None = None) -> list[str]:
    """Returns the names of the devices: one "cpu" for each process that was started together with this one.

    Args:
        device_type: "cpu", "gpu" or "tpu"; None for "cpu", the only type there is.

    Raises:
        ArgumentError: If it is something else.

    Source: https://keras.io/api/distribution/distribution_utils/

    Example:
        >>> list_devices(), list_devices("gpu")
        (['cpu:0'], [])
    """
    return [f"cpu:{number}" for number in range(get_device_count(device_type))]


@filtered
def get_device_count(device_type: str | None = None) -> int:
    """Returns the number of devices.

    Args:
        device_type: "cpu", "gpu" or "tpu"; None for "cpu", the only type there is.

    Raises:
        ArgumentError: If it is something else.

    Source: https://keras.io/api/distribution/distribution_utils/

    Example:
        >>> get_device_count(), get_device_count("tpu")
        (1, 0)
    """
    name = "cpu" if device_type is None else device_type
    if not isinstance(name, str) or name.lower() not in ("cpu", "gpu", "tpu"):
        raise ArgumentError(
            f"`device_type` must be 'cpu', 'gpu', 'tpu' or None. Received: device_type={brief(device_type)}"
        )
    if name.lower() != "cpu":
        return 0
    group = connect()
    return 1 if group is None else group.size


@filtered
def initialize(
    job_addresses: str | None = None, num_processes: int | None = None, process_id: int | None = None
) -> None:
    """Connects this process to the others. MPI's launcher has started them, and knows their number and addresses.

    Arguments that are None are taken from the environment variables `KERAS_DISTRIBUTION_JOB_ADDRESSES`,
    `KERAS_DISTRIBUTION_NUM_PROCESSES` and `KERAS_DISTRIBUTION_PROCESS_ID`, as in Keras.

    Args:
        job_addresses: Must be None: the launcher takes the hosts, as in `mpirun --host`.
        num_processes: The number of processes, if it is to be checked.
        process_id: The number of this process, if it is to be checked.

    Raises:
        NotSupportedError: If there are addresses.
        ArgumentError: If a number is not what the launcher says.

    Source: https://keras.io/api/distribution/distribution_utils/

    Example:
        >>> initialize(num_processes=1, process_id=0)
    """
    if job_addresses is None:
        job_addresses = os.environ.get(f"{_VARIABLE}JOB_ADDRESSES")
    if job_addresses is not None:
        raise NotSupportedError(
            "`initialize`: the launcher of MPI knows the hosts, as in `mpirun --host a,b minikeras run script.py`. "
            f"Expected: job_addresses=None. Received: job_addresses={brief(job_addresses)}"
        )
    group = connect()
    size, rank = (1, 0) if group is None else (group.size, group.rank)
    for name, given, actual in (("num_processes", num_processes, size), ("process_id", process_id, rank)):
        text = os.environ.get(_VARIABLE + name.upper())
        if given is None and text is not None:
            given = int(text) if text.isdecimal() else text
        if check_optional_int("initialize", name, given, minimum=0) not in (None, actual):
            raise ArgumentError(
                f"`initialize`: expected {name}={actual}, as the launcher of MPI says. Received: {name}={given}. "
                "Start several processes with `mpirun -n 4 minikeras run script.py`."
            )
