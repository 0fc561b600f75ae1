"""Internals shared by the ops: argument conversion, constructors of primitives, checks. No op is defined here."""
