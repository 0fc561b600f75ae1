"""`tf.Module`: variables and submodules in attributes."""

from minikeras import Variable, layers
from minikeras.dropin.tensorflow.module import Module


def test_modules():
    class Inner(Module):
        def __init__(self):
            super().__init__()
            self.frozen = Variable(1.0, trainable=False)

    class Outer(Module):
        def __init__(self):
            super().__init__(name="outer")
            self.w, self.parts = Variable(2.0), [Inner(), {"dense": layers.Dense(1)}]
            self.again = self.w

    outer = Outer()
    outer.parts[1]["dense"].build((None, 2))
    assert (outer.name, outer.parts[0].name) == ("outer", "inner") and outer.submodules == (outer.parts[0],)
    assert len(outer.variables) == 4 and len(outer.trainable_variables) == 3
    assert outer.non_trainable_variables == (outer.parts[0].frozen,)
    with outer.name_scope:
        assert Variable(1.0, name="v").path == "outer/v"


def test_methods_keep_their_names():
    def method(self):
        return self

    assert Module.with_name_scope(method) is method
