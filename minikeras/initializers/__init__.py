"""Initializers, as in `keras.initializers`, with bitwise the values of Keras's numpy backend."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .constants import Constant as Constant
    from .constants import Ones as Ones
    from .constants import Zeros as Zeros
    from .distributions import RandomNormal as RandomNormal
    from .distributions import RandomUniform as RandomUniform
    from .distributions import TruncatedNormal as TruncatedNormal
    from .fourier import STFT as STFT
    from .initializer import Initializer as Initializer
    from .lookup import deserialize as deserialize
    from .lookup import get as get
    from .lookup import serialize as serialize
    from .matrices import Identity as Identity
    from .matrices import Orthogonal as Orthogonal
    from .scaling import GlorotNormal as GlorotNormal
    from .scaling import GlorotUniform as GlorotUniform
    from .scaling import HeNormal as HeNormal
    from .scaling import HeUniform as HeUniform
    from .scaling import LecunNormal as LecunNormal
    from .scaling import LecunUniform as LecunUniform
    from .scaling import VarianceScaling as VarianceScaling

    # As in Keras, each class has a snake-case alias.
    IdentityInitializer = Identity
    OrthogonalInitializer = Orthogonal
    STFTInitializer = STFT
    constant = Constant
    glorot_normal = GlorotNormal
    glorot_uniform = GlorotUniform
    he_normal = HeNormal
    he_uniform = HeUniform
    identity = Identity
    lecun_normal = LecunNormal
    lecun_uniform = LecunUniform
    ones = Ones
    orthogonal = Orthogonal
    random_normal = RandomNormal
    random_uniform = RandomUniform
    stft = STFT
    truncated_normal = TruncatedNormal
    variance_scaling = VarianceScaling
    zeros = Zeros
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "Constant": ".constants",
            "GlorotNormal": ".scaling",
            "GlorotUniform": ".scaling",
            "HeNormal": ".scaling",
            "HeUniform": ".scaling",
            "Identity": ".matrices",
            "IdentityInitializer": ".matrices:Identity",
            "Initializer": ".initializer",
            "LecunNormal": ".scaling",
            "LecunUniform": ".scaling",
            "Ones": ".constants",
            "Orthogonal": ".matrices",
            "OrthogonalInitializer": ".matrices:Orthogonal",
            "RandomNormal": ".distributions",
            "RandomUniform": ".distributions",
            "STFT": ".fourier",
            "STFTInitializer": ".fourier:STFT",
            "TruncatedNormal": ".distributions",
            "VarianceScaling": ".scaling",
            "Zeros": ".constants",
            "constant": ".constants:Constant",
            "deserialize": ".lookup",
            "get": ".lookup",
            "glorot_normal": ".scaling:GlorotNormal",
            "glorot_uniform": ".scaling:GlorotUniform",
            "he_normal": ".scaling:HeNormal",
            "he_uniform": ".scaling:HeUniform",
            "identity": ".matrices:Identity",
            "lecun_normal": ".scaling:LecunNormal",
            "lecun_uniform": ".scaling:LecunUniform",
            "ones": ".constants:Ones",
            "orthogonal": ".matrices:Orthogonal",
            "random_normal": ".distributions:RandomNormal",
            "random_uniform": ".distributions:RandomUniform",
            "serialize": ".lookup",
            "stft": ".fourier:STFT",
            "truncated_normal": ".distributions:TruncatedNormal",
            "variance_scaling": ".scaling:VarianceScaling",
            "zeros": ".constants:Zeros",
        },
    )
