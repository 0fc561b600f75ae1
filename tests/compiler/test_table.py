"""A plan as a table."""

import numpy as np

from minikeras import ops
from minikeras.compiler.plan import Plan
from minikeras.compiler.table import Memory
from minikeras.engine.naming import name_scope
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.engine.variable import Variable


def test_a_printed_plan():
    with name_scope("dense"):
        kernel = Variable(np.ones((3, 2), "float32"), name="kernel")
    with Trace() as trace:
        x = Tensor(np.ones((4, 3), "float32"), trace)
        with name_scope("dense"):
            y = ops.tanh(ops.matmul(x, kernel))
        kernel.assign(ops.exp(kernel))
        result = ops.sum(y, axis=0)
    plan = Plan(trace, [x], [result])
    assert [line.rstrip() for line in str(plan).splitlines()] == [
        "    op      layer    shape    dtype      bytes read    bytes written  result in",
        "--  ------  -------  -------  -------  ------------  ---------------  ---------------------",
        " 0  matmul  dense    (4, 2)   float32            72               32  buffer 0",
        " 1  tanh    dense    (4, 2)   float32            32               32  buffer 0",
        " 2  exp              (3, 2)   float32            24               24  variable dense/kernel",
        " 3  sum              (2,)     float32            32                8  buffer 1, output",
    ]
    assert repr(plan) == "<Plan of 4 instructions>"


def test_names_of_memory():
    data, block, own = np.zeros((4, 2)), np.zeros(6), np.zeros(3)
    memory = Memory([data], [own, 3.0], [("a/kernel", block[:2]), ("a/bias", block[2:4]), ("b/kernel", block[4:])])
    assert memory.name_of(data[1:]) == "input 0"
    assert memory.name_of(block[2:4]) == "variable a/bias"
    assert memory.name_of(block) == "3 variables, a/kernel to b/kernel"
    assert memory.name_of(own) == "buffer 0, output"
    assert memory.name_of(np.zeros(2)) == "buffer 1"
