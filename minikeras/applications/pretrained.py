"""The weights of ImageNet: where Keras keeps them, and the hashes by which a download is checked."""

from typing import NamedTuple

from ..utils.file_utils import get_file

STORAGE = "https://storage.googleapis.com/tensorflow/keras-applications/"


class Weights(NamedTuple):
    """A file of weights.

    Args:
        url: Where it is.
        file_hash: Its MD5 or SHA256 hash; None if Keras knows none.
        fname: Its name in the cache; that at the end of the URL by default.
    """

    url: str
    file_hash: str | None = None
    fname: str | None = None

    def fetch(self) -> str:
        """Returns the path of the file in the cache, `$KERAS_HOME/models`; what is not there is downloaded.

        Raises:
            DownloadError: If it cannot be downloaded.
        """
        return get_file(
            self.fname or self.url.rpartition("/")[2], self.url, cache_subdir="models", file_hash=self.file_hash
        )


class Pretrained(NamedTuple):
    """The two files of weights that a model has.

    Args:
        top: With the classifier.
        features: Without it.
    """

    top: Weights
    features: Weights


def two_files(
    start: str, hashes: tuple[str | None, str | None] = (None, None), ends: tuple[str, str] = (".h5", "_notop.h5")
) -> Pretrained:
    """Returns the files whose URLs differ at the end alone.

    Args:
        start: What both URLs start with.
        hashes: The hash of the file with the classifier, and of that without it.
        ends: What they end with.

    Example:
        >>> two_files("https://x.org/vgg16").features.url
        'https://x.org/vgg16_notop.h5'
    """
    top, features = (Weights(start + end, file_hash) for end, file_hash in zip(ends, hashes, strict=True))
    return Pretrained(top, features)


def kernels(folder: str, name: str, hashes: tuple[str, str]) -> Pretrained:
    """Returns the files of a model that Keras had before version 2: their names tell the layout of the kernels.

    Args:
        folder: The folder in the storage.
        name: The name of the model.
        hashes: The hash of the file with the classifier, and of that without it.
    """
    return two_files(f"{STORAGE}{folder}/{name}_weights_tf_dim_ordering_tf_kernels", hashes)
