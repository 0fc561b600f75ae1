"""The compiler: traces steps, turns each trace into a plan through a pipeline of passes, and replays it."""
