"""The attributes of an object, in the order in which Keras finds what a model holds."""

from minikeras.serialization.attributes import attributes_of


class Holder:
    kind = "class attribute"

    def __init__(self):
        self.b, self.a, self._private = 2, 1, 3

    @property
    def computed(self):
        return self.a + self.b

    @property
    def not_there_yet(self):
        raise ValueError("call build() first")


def test_sorted_with_private_names_last():
    assert list(attributes_of(Holder(), ())) == [
        ("a", 1),
        ("b", 2),
        ("computed", 3),
        ("kind", "class attribute"),
        ("_private", 3),
    ]


def test_names_that_are_left_out():
    assert dict(attributes_of(Holder(), {"a", "kind", "computed"})) == {"b": 2, "_private": 3}


def test_values_are_read_when_they_are_reached():
    holder = Holder()
    found = attributes_of(holder, ())
    assert next(found) == ("a", 1)
    holder.b = 5
    assert next(found) == ("b", 5)
