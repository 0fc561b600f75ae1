"""What is here is for type checkers, see `.ci/types`; `tests/test_typing.py` runs the scripts."""

collect_ignore_glob = ["scripts/*", "mistakes.py"]
