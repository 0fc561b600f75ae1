"""Quantizing a model: its layers one by one, or with the data that GPTQ and AWQ need."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from ..dtype_policies import DTypePolicyMap
from ..engine import tree
from ..errors import ArgumentError, NotSupportedError, brief, warn_user
from ..layers.base import Layer
from ..layers.core.quantization.kernel import QuantizedKernel
from ..layers.core.wrapper import Wrapper
from ..quantizers.calibrated_configs import CalibratedConfig
from ..quantizers.calibration_data import calibration_sequences
from ..quantizers.quantization_config import QuantizationConfig
from ..tracebacks import Filtered
from ..utils import Progbar


class Quantization(Filtered):
    """The part of `Model` that is quantized."""

    def get_quantization_layer_structure(self, mode: str | None = None) -> dict | None:
        """Returns which layers GPTQ and AWQ quantize, and in which order; to be overridden by models.

        Args:
            mode: The quantization mode.

        Returns:
            A dict with "pre_block_layers", the layers that are applied to tokens first, and "sequential_blocks", the
            layers or models that are quantized one after the other. None if the model does not say.

        Source: https://keras.io/api/models/model/
        """
        return None

    def quantize(
        self,
        mode: str | None = None,
        config: QuantizationConfig | None = None,
        filters: str | Iterable[str] | Callable[[Layer], bool] | None = None,
        **kwargs: Any,
    ) -> None:
        """Quantizes the weights of `Dense`, `EinsumDense`, `Embedding` and `ReversibleEmbedding` layers of the model.

        A model that is to be trained after it must be compiled again.

        Args:
            mode: "int8", "int4", "float8", "gptq" or "awq"; None: that of the config.
            config: How they are quantized; the default of the mode if None. "gptq" and "awq" need one with data.
            filters: Which layers are quantized: regular expressions for their names, or a function of a layer; None:
                all of them.
            **kwargs: `type_check=False` quantizes layers of subclasses, too.

        Raises:
            ArgumentError: If the mode, the config, the filters or the structure of the layers is invalid.
            StateError: If the model is not built, or a layer is quantized already.

        Source: https://keras.io/api/models/model/

        Example:
            >>> from minikeras import Sequential
            >>> from minikeras.layers import Dense, Input
            >>> model = Sequential([Input((4,)), Dense(2)])
            >>> model.quantize("int8")
            >>> model.layers[0].kernel.dtype
            'int8'
        """
        where = self._where()
        type_check = kwargs.pop("type_check", True)
        if kwargs:
            raise ArgumentError(f"{where}: `quantize` has no arguments {sorted(kwargs)}.")
        if filters is not None and not (isinstance(filters, (str, list, tuple)) or callable(filters)):
            raise ArgumentError(
                f"{where}: `filters` must be a regular expression, a list of them, or a function of a layer. "
                f"Received: filters={brief(filters)}"
            )
        if mode in ("gptq", "awq"):
            self._quantize_with_data(config, filters, type_check)
            return
        chosen = [layer for layer in self._flat_layers() if not layer._sublayers and is_chosen(layer, filters)]
        chosen = [layer for layer in chosen if layer.weights]  # others have nothing to quantize
        for layer in chosen:
            layer._check_quantizable(mode)
        for layer in chosen:
            try:
                layer.quantize(mode, config=config, type_check=type_check)
            except NotSupportedError as error:
                warn_user(str(error), UserWarning)
        self._note_policies_inside()

    def _note_policies_inside(self) -> None:
        """Notes the policies of quantized layers in those that make them, such as `MultiHeadAttention`.

        Their config has no other place for it: a file could not be loaded.
        """
        for layer in self._flat_layers():
            inside = [each for each in layer._sublayers if each._is_quantized]
            if inside and not isinstance(layer, (Quantization, Wrapper)):
                policies = layer.dtype_policy
                if not isinstance(policies, DTypePolicyMap):
                    policies = DTypePolicyMap(policies.name)
                for each in inside:
                    if each.path not in policies:
                        policies[each.path] = each._own_policy
                layer.dtype_policy = policies

    def _quantize_with_data(self, config: CalibratedConfig, filters: Any, type_check: bool) -> None:
        """Quantizes the layers of blocks, each with the inputs that it gets after those before it are quantized."""
        structure = config.quantization_layer_structure
        structure = self.get_quantization_layer_structure(config.mode) if structure is None else structure
        blocks = structure.get("sequential_blocks") if isinstance(structure, dict) else None
        if not blocks:
            raise ArgumentError(
                f"{self._where()}: mode '{config.mode}' needs to know which layers follow each other. Give the config "
                "a `quantization_layer_structure`, or let `get_quantization_layer_structure` return one: a dict with "
                f"'pre_block_layers' and 'sequential_blocks'. Received: {brief(structure)}"
            )
        samples = [np.asarray(sample) for sample in calibration_sequences(config)]
        chosen = [[layer for layer in _kernels_in(block) if is_chosen(layer, filters)] for block in blocks]
        for layer in sum(chosen, []):
            layer._check_quantizable(config.mode)
            if type_check:
                layer._check_class()
        for layer in structure.get("pre_block_layers", ()):
            samples = [layer(sample) for sample in samples]
        progress = Progbar(len(blocks))
        for index, (block, layers) in enumerate(zip(blocks, chosen, strict=True)):
            _calibrate(block, layers, samples, config, type_check)
            if index + 1 < len(blocks):
                samples = [_first(block(_with_batch(sample))) for sample in samples]
            progress.update(index + 1)
        self._note_policies_inside()


def is_chosen(layer: Layer, filters: str | Iterable[str] | Callable[[Layer], bool] | None) -> bool:
    """Returns whether filters of `Model.quantize` choose a layer.

    Args:
        layer: The layer.
        filters: Regular expressions that are searched for in its name, or a function of it; None chooses all.
    """
    if filters is None:
        return True
    if callable(filters):
        return bool(filters(layer))
    return any(re.search(each, layer.name) for each in ([filters] if isinstance(filters, str) else filters))


def _kernels_in(block: Layer) -> Iterator[QuantizedKernel]:
    found = [block, *block._flat_layers()]
    return (layer for layer in found if isinstance(layer, QuantizedKernel) and not layer._sublayers)


def _calibrate(block: Layer, layers: list, samples: list, config: CalibratedConfig, type_check: bool) -> None:
    """Quantizes layers of a block with the inputs that they get for samples."""
    for layer in layers:
        layer.quantize(config.mode, config=config, type_check=type_check)
        layer._start_calibration()
    try:
        for sample in samples if layers else ():
            block(_with_batch(sample))
    finally:
        for layer in layers:
            layer._observe = None
    for layer in layers:
        layer._calibrate()


def _with_batch(sample: Any) -> Any:
    return sample[None] if sample.ndim == 2 else sample


def _first(outputs: Any) -> Any:
    """Returns the first output of a block, which the next one gets."""
    return tree.flatten(outputs)[0]
