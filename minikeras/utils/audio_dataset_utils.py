"""Datasets of the sounds in a folder."""

import wave
from typing import Any

import numpy as np

from ..argument_checks import check_optional_int
from ..data.specs import TensorSpec
from ..errors import ArgumentError, NotSupportedError
from ..tracebacks import filtered
from .folders import Request, folder_datasets, unreadable
from .paths import opened

_WHERE = "audio_dataset_from_directory"


@filtered
def audio_dataset_from_directory(
    directory: Any,
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Any = None,
    batch_size: int | None = 32,
    sampling_rate: int | None = None,
    output_sequence_length: int | None = None,
    ragged: bool = False,
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    follow_links: bool = False,
    verbose: bool = True,
) -> Any:
    """Makes a dataset of the `.wav` files in a folder, which has a subfolder for each class.

    Samples of 8, 16, 24 or 32 bits are read as float32 from -1 to 1. Other files, hidden ones and hidden folders are
    skipped.

    Args:
        directory: The folder.
        labels: See `image_dataset_from_directory`.
        label_mode: See `image_dataset_from_directory`.
        class_names: See `image_dataset_from_directory`.
        batch_size: Sounds a batch, which are padded with zeros to the length of the longest; None: no batches.
        sampling_rate: The number of samples a second that all files must have; they are not resampled.
        output_sequence_length: The length, in samples, that all sounds are cut or padded to.
        ragged: Whether each sound keeps its length; needs `batch_size=None`, since there are no ragged batches.
        shuffle: See `image_dataset_from_directory`.
        seed: Same seed, same orders.
        validation_split: The fraction of the files that is for validation.
        subset: "training", "validation" or "both", with `validation_split`.
        follow_links: Whether to read subfolders that are symbolic links.
        verbose: Whether to print how many files and classes were found.

    Returns:
        A `minikeras.data.Dataset` of float32 of shape (batch, length, channels), or of pairs of sounds and labels; its
        attributes are `class_names` and `file_paths`. A pair of them for subset="both".

    Raises:
        ArgumentError: If an argument is invalid, or there are no files, or none for one of the parts.
        NotSupportedError: For ragged batches.
        DataError: If a file cannot be read, or has another sampling rate, or in a batch another number of channels;
            raised, with its path, when it is read.
        FileReadError: If the folder cannot be read.

    Source: https://keras.io/api/data_loading/audio/#audio_dataset_from_directory-function

    Example:
        >>> import os, tempfile, wave
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     os.mkdir(f"{folder}/beep")
        ...     with wave.open(f"{folder}/beep/1.wav", "wb") as file:
        ...         file.setparams((1, 2, 16000, 2, "NONE", ""))
        ...         file.writeframes(np.array([16384, -32768], "<i2").tobytes())
        ...     dataset = audio_dataset_from_directory(folder, verbose=False)
        ...     [sounds.tolist() for sounds, labels in dataset]
        [[[[0.5], [-1.0]]]]
    """
    check_optional_int(_WHERE, "sampling_rate", sampling_rate, 1)
    check_optional_int(_WHERE, "output_sequence_length", output_sequence_length, 1)
    if ragged and output_sequence_length is not None:
        raise ArgumentError(f"{_WHERE}: `ragged` and `output_sequence_length` exclude each other.")
    if ragged and batch_size is not None:
        raise NotSupportedError(
            f"{_WHERE}: there are no ragged batches. Pass ragged=False to pad sounds with zeros, or batch_size=None."
        )

    first: dict[str, tuple] = {}  # the number of channels that all files must have, and a file that has it

    def load(path: str) -> np.ndarray:
        samples = _samples(path, sampling_rate)[:output_sequence_length]
        channels, other = first.setdefault("channels", (samples.shape[1], path))
        if batch_size is not None and samples.shape[1] != channels:
            raise unreadable(_WHERE, path, f"it has {samples.shape[1]} channels, and '{other}' has {channels}")
        if output_sequence_length is None or len(samples) == output_sequence_length:
            return samples
        return np.pad(samples, ((0, output_sequence_length - len(samples)), (0, 0)))

    request = Request(
        _WHERE, "audio", (".wav",), directory, labels, label_mode, class_names, batch_size, shuffle, seed,
        validation_split, subset, follow_links, verbose,
    )  # fmt: skip
    made = folder_datasets(
        request, load, TensorSpec((output_sequence_length, None), "float32"), is_padded=output_sequence_length is None
    )
    return tuple(made) if subset == "both" else made


def _samples(path: str, sampling_rate: int | None) -> np.ndarray:
    """Returns the samples of a file, float32 from -1 to 1 of shape (length, channels)."""
    try:
        with opened(path) as stream, wave.open(stream) as file:
            rate, width, channels = file.getframerate(), file.getsampwidth(), file.getnchannels()
            data = file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise unreadable(_WHERE, path, str(error) or "it ends too early") from error
    if sampling_rate not in (None, rate):
        raise unreadable(
            _WHERE, path, f"it has {rate} samples a second instead of {sampling_rate}, and minikeras does not resample"
        )
    if width not in (1, 2, 3, 4):
        raise unreadable(_WHERE, path, f"its samples have {8 * width} bits; 8, 16, 24 and 32 can be read")
    frames = np.frombuffer(data, "uint8")
    frames = frames[: len(frames) // (width * channels) * width * channels].reshape(-1, channels, width)
    if width == 1:  # unsigned
        return (frames[:, :, 0].astype("float32") - 128) / 128
    padded = np.zeros((*frames.shape[:2], 4), "uint8")
    padded[:, :, 4 - width :] = frames
    return padded.view("<i4")[:, :, 0].astype("float32") / np.float32(2**31)
