"""A layer with attention inside that takes one input, for `run_layer_test`."""

from minikeras import layers


class OfItself(layers.Layer):
    """Attends from its input to a shorter part of it."""

    def __init__(self, kind, options=None, causal=False, **kwargs):
        super().__init__(**kwargs)
        self.kind, self.options, self.causal = kind, options or {}, causal
        self.inner = getattr(layers, kind)(**self.options, dtype=self.dtype_policy)
        self.is_headed = kind in ("MultiHeadAttention", "GroupQueryAttention")

    def build(self, input_shape):
        """Builds the layer inside."""
        part = (input_shape[0], input_shape[1] - 1, *input_shape[2:])
        self.inner.build(input_shape, part) if self.is_headed else self.inner.build([input_shape, part])

    def call(self, x, training=False):
        """Attends to all steps but the first."""
        options = {"use_causal_mask": self.causal, "training": training}
        return self.inner(x, x[:, 1:], **options) if self.is_headed else self.inner([x, x[:, 1:]], **options)

    def compute_output_shape(self, input_shape):
        """Returns the input shape."""
        return input_shape

    def get_config(self):
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "kind": self.kind, "options": self.options, "causal": self.causal}
