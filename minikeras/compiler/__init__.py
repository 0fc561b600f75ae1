"""The compiler: traces steps, turns each trace into a plan, and replays it.

A function is traced in `step`, planned in `pipeline` (a list of `passes`, each from one `program` to the next), and
replayed as a `plan`. `guards` detect when a plan is no longer valid, `control_flow` has loops and branches, and
`threads` decides on how many threads products run.
"""
