"""A trace becomes a plan.

A function is traced in `step`, planned in `pipeline` (a list of `passes`, each from one `program` to the next), and run
as a `plan`. `guards` tell when a plan does not hold any more, `control_flow` has loops and branches, `threads` says how
many of them products use.
"""
