"""The engine: numpy values, primitives, traces, gradients and replayable plans."""
