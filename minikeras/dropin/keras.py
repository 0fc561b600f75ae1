"""Names that only the package `keras` itself has."""

__all__ = ["__version__", "version"]

__version__ = "3.15.1"


def version() -> str:
    """Returns the version of Keras whose API minikeras has.

    Example:
        >>> version()
        '3.15.1'
    """
    return __version__
