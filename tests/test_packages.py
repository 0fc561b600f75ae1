"""The habits of the code, checked on its source: imports, exports, sizes, docstrings, type hints."""

import ast
import importlib
import inspect
import pathlib
import subprocess
import sys

import pytest

import minikeras

ROOT = pathlib.Path(__file__).parent.parent
PACKAGE = ROOT / "minikeras"
FILES = sorted(PACKAGE.rglob("*.py"))
INITS = [path for path in FILES if path.name == "__init__.py"]

# Each package imports only from packages before it.
PACKAGES = [
    "errors",
    "typing",
    "argument_checks",
    "tracebacks",
    "lazy",
    "config",
    "tree",
    "engine",
    "graph",
    "serialization",
    "compiler",
    "legacy",
    "ops",
    "autodiff",
    "dtype_policies",
    "quantizers",
    "random",
    "data",
    "utils",
    "saving",
    "initializers",
    "regularizers",
    "constraints",
    "activations",
    "losses",
    "metrics",
    "optimizers",
    "mixed_precision",
    "layers",
    "callbacks",
    "training",
    "models",
    "distillation",
    "distribution",
    "datasets",
    "applications",
    "backend",
    "preprocessing",
    "visualization",
    "export",
    "wrappers",
    "dropin",
    "crosschecking",
    "commands",
    "cli",
    "__main__",
    "from_scratch",
]
ALONE = {"from_scratch"}  # imports no other package: it is read by people who do not know them
LATER = {"minikeras/utils/__init__.py": ["layers"]}  # offers `FeatureSpace`, a layer, and loads it on first use
DESCRIBING = {"typing"}  # names the classes of other packages, for type checkers alone
OPTIONAL = {
    "IPython",
    "PIL",
    "google",
    "h5py",
    "matplotlib",
    "ml_dtypes",
    "mpi4py",
    "onnx",
    "pydot",
    "requests",
    "scipy",
    "threadpoolctl",
    "sklearn",
    "tabulate",
    "tensorboard",
}  # imported late
# Its classes derive from those of scikit-learn; `wrappers` imports the module when one of them is used.
WITH_BASES = {"minikeras/wrappers/sklearn_wrapper.py": {"sklearn"}}
REFERENCES = {"jax", "keras", "tensorflow"}  # imported in compat/ alone
LONGEST_FUNCTION = 60
LONGEST_FILE = 600


def name(path):
    return path.relative_to(ROOT).as_posix()


def parse(path):
    return ast.parse(path.read_text(encoding="utf-8"), name(path))


def module_of(path):
    """The dotted name of a file of the package, as a list; an `__init__` has that of its folder."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return parts[:-1] if parts[-1] == "__init__" else parts


def imported_modules(tree, package):
    """The dotted names, as lists, of all a source imports; `package` is what a leading dot means.

    The names after `from x import` are appended, since each of them may be a module.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            module = start + (node.module.split(".") if node.module else [])
            yield from (module + [alias.name] for alias in node.names)


def package_of(path):
    module = module_of(path)
    return module if path.name == "__init__.py" else module[:-1]


def at_run_time(tree):
    """A module without what type checkers alone read."""
    blocks = [
        node.orelse if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" else [node]
        for node in tree.body
    ]
    return ast.Module(sum(blocks, []), [])


def test_what_type_checkers_alone_read_is_left_out():
    source = "import a\nif TYPE_CHECKING:\n    import b\nelse:\n    import c\nif a:\n    import d\n"
    assert ast.unparse(at_run_time(ast.parse(source))) == "import a\nimport c\nif a:\n    import d"


def wrong_packages(tree, path):
    """What a file imports from a package that does not come before its own."""
    package = module_of(path)[1]
    if package in DESCRIBING:
        tree = at_run_time(tree)
    allowed = [package] if package in ALONE else PACKAGES[: PACKAGES.index(package) + 1]
    allowed = allowed + LATER.get(name(path), [])
    for module in imported_modules(tree, package_of(path)):
        if module[0] == "minikeras" and (len(module) < 2 or module[1] not in allowed):
            yield f"{name(path)} imports {'.'.join(module)}"


def test_the_packages_are_those_contributors_read_about():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert ", ".join(PACKAGES) in " ".join(text.split())


def has_tests(path):
    """Tells whether `minikeras/a/b.py` has `tests/a/test_b.py`."""
    return (ROOT / "tests" / path.relative_to(PACKAGE).parent / f"test_{path.name}").exists()


def test_every_module_has_its_tests():
    assert [name(path) for path in FILES if path not in INITS and not has_tests(path)] == []


def test_a_module_without_tests_is_seen():
    assert has_tests(PACKAGE / "ops" / "arithmetic.py") and not has_tests(PACKAGE / "ops" / "arithmetics.py")
    assert has_tests(PACKAGE / "tree.py") and not has_tests(PACKAGE / "losses" / "tree.py")


def test_every_file_is_in_a_package():
    assert {module_of(path)[1] for path in FILES if len(module_of(path)) > 1} <= set(PACKAGES)


@pytest.mark.parametrize("path", [path for path in FILES if len(module_of(path)) > 1], ids=name)
def test_packages_import_one_way(path):
    assert list(wrong_packages(parse(path), path)) == []


@pytest.mark.parametrize(
    "source",
    [
        "from ..layers import Dense",
        "from .. import layers",
        "from minikeras.layers.core import dense",
        "import minikeras.layers",
        "import minikeras",
        "from minikeras import Sequential",
        "def f():\n    from ..models import Sequential",
    ],
)
def test_a_wrong_import_is_seen(source):
    assert len(list(wrong_packages(ast.parse(source), PACKAGE / "losses" / "x.py"))) == 1


@pytest.mark.parametrize("source", ["from ..engine import x", "from . import y", "from .y import z", "import os"])
def test_a_right_import_is_let_pass(source):
    assert list(wrong_packages(ast.parse(source), PACKAGE / "losses" / "x.py")) == []


@pytest.mark.parametrize("source", ["from ..errors import ArgumentError", "import minikeras.ops"])
def test_a_package_that_stands_alone_imports_no_other(source):
    assert len(list(wrong_packages(ast.parse(source), PACKAGE / "from_scratch" / "x.py"))) == 1


def at_import(tree):
    """The imports outside of functions, as a module of their own."""

    def imports(node):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.Import, ast.ImportFrom)):
                yield child
            elif not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield from imports(child)

    return ast.Module(list(imports(tree)), [])


def test_imports_at_import_are_told_from_those_in_functions():
    source = "import a\nif a:\n    import b\nclass C:\n    import c\n    def f(self):\n        import d\n"
    assert ast.unparse(at_import(ast.parse(source))) == "import a\nimport b\nimport c"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_only_numpy_at_import(path):
    roots = {module[0] for module in imported_modules(at_import(parse(path)), package_of(path))}
    assert roots - WITH_BASES.get(name(path), set()) <= set(sys.stdlib_module_names) | {"numpy", "minikeras"}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_inside_functions(path):
    roots = {module[0] for module in imported_modules(parse(path), package_of(path))}
    assert roots <= set(sys.stdlib_module_names) | {"numpy", "minikeras"} | OPTIONAL


@pytest.mark.parametrize("path", sorted((ROOT / "compat").rglob("*.py")), ids=name)
def test_torch_is_imported_inside_functions(path):
    """Only the extra `bench` brings it, and doctests import every module."""
    roots = {module[0] for module in imported_modules(at_import(at_run_time(parse(path))), package_of(path))}
    assert "torch" not in roots


# In the tests of the drop-in, the names of the references lead to minikeras.
OWN_SCRIPTS = [path for path in sorted((ROOT / "tests").rglob("*.py")) if ROOT / "tests" / "dropin" not in path.parents]


@pytest.mark.parametrize("path", [*OWN_SCRIPTS, *sorted((ROOT / "examples").rglob("*.py"))], ids=name)
def test_references_are_imported_in_compat_alone(path):
    roots = {module[0] for module in imported_modules(parse(path), package_of(path))}
    assert not roots & REFERENCES


IMPORTS = [
    "import minikeras",
    "from minikeras import Model, Sequential",
    *(f"from minikeras.{name} import *" for name in ("callbacks", "layers", "losses", "metrics", "ops", "optimizers")),
]


@pytest.mark.parametrize("code", [IMPORTS[0], "; ".join(IMPORTS)], ids=["alone", "with what models need"])
def test_import_loads_numpy_alone(code):
    code += "; import sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(result.stdout.split())
    assert {"minikeras", "numpy"} <= loaded
    assert not loaded & (OPTIONAL | REFERENCES)
    # Every script waits for the import, so what is needed later is imported later.
    late = {"argparse", "concurrent", "hashlib", "logging", "multiprocessing", "sysconfig", "tempfile", "uuid"}
    assert not loaded & late


def statements(tree):
    """The statements of a module, and those that only type checkers read: under `if TYPE_CHECKING`."""
    for node in tree.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from node.body
        else:
            yield node


def own_names(tree, package):
    """The public names an `__init__` defines or takes from the modules of its own folder."""
    for node in statements(tree):
        if isinstance(node, ast.ImportFrom) and (
            node.level == 1 or f"{node.module}.".startswith(".".join(package) + ".")
        ):
            names = [alias.asname or alias.name for alias in node.names if node.module != "lazy"]
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names = [node.name]
        else:
            names = []
        yield from (each for each in names if not each.startswith("_"))


def lazy_table(tree):
    """The table that an `__init__` gives to `attach`; None if it imports its parts at once."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "attach":
            return ast.literal_eval(node.args[1])
    return None


def exported_names(tree):
    table = lazy_table(tree)
    if table is not None:
        return list(table)
    for node in tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]:
            return ast.literal_eval(node.value)
    return []


@pytest.mark.parametrize("path", INITS, ids=name)
def test_all_is_sorted_and_complete(path):
    tree = parse(path)
    exported = exported_names(tree)
    assert exported == sorted(exported)
    assert set(own_names(tree, module_of(path))) <= set(exported), "public names are missing"
    assert len(set(exported)) == len(exported)


@pytest.mark.parametrize("path", INITS, ids=name)
def test_all_names_what_is_there(path):
    module = importlib.import_module(".".join(module_of(path)))
    assert [each for each in exported_names(parse(path)) if not hasattr(module, each)] == []


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("from .x import a, _b", ["a"]),
        ("from minikeras.losses.x import a as c", ["c"]),
        ("from ..errors import a\nfrom typing import Any\nimport numpy", []),
        ("def f(): ...\nclass C: ...\ndef _g(): ...\n_h = 1", ["f", "C"]),
        ("if TYPE_CHECKING:\n    from .x import a as a, _b as _b\nelse:\n    from .y import c", ["a"]),
    ],
)
def test_own_names(source, names):
    assert list(own_names(ast.parse(source), ["minikeras", "losses"])) == names


def visible_table(tree):
    """What type checkers see of a lazy namespace, written as its table is."""
    sources = {}
    for node in statements(tree):
        if isinstance(node, ast.ImportFrom) and node.level and node.module != "lazy":
            for alias in node.names:
                # Type checkers take a name for public if it is imported `as` itself.
                assert alias.asname == alias.name or alias.asname is None
                if alias.asname is not None:
                    sources[alias.name] = "." * node.level + (node.module or "")
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Name):  # a second name
            (target,) = node.targets
            sources[target.id] = f"{sources[node.value.id]}:{node.value.id}"
    return sources


LAZY = [path for path in INITS if lazy_table(parse(path)) is not None]


@pytest.mark.parametrize("path", LAZY, ids=name)
def test_type_checkers_see_what_a_lazy_namespace_has(path):
    tree = parse(path)
    assert visible_table(tree) == lazy_table(tree)


def test_a_table_that_disagrees_is_seen():
    source = """
if TYPE_CHECKING:
    from . import a as a
    from .x import b as b
    from ..y import c as c

    d = c
else:
    __getattr__, __dir__, __all__ = attach(__name__, {"a": "."})
"""
    tree = ast.parse(source)
    assert visible_table(tree) == {"a": ".", "b": ".x", "c": "..y", "d": "..y:c"}
    assert lazy_table(tree) == {"a": "."}


@pytest.mark.parametrize("path", LAZY, ids=name)
def test_no_public_name_is_that_of_a_file_beside_it(path):
    """Importing `x/y.py` binds `x.y` to the module, so what is public as `x.y` has to be in another file."""
    files = {each.stem for each in path.parent.iterdir() if each.suffix == ".py" or (each / "__init__.py").exists()}
    table = lazy_table(parse(path))
    assert [each for each, source in table.items() if each in files and source != "."] == []


@pytest.mark.parametrize("path", LAZY, ids=name)
def test_only_the_table_says_what_a_lazy_namespace_imports(path):
    eager = {ast.unparse(node) for node in parse(path).body if isinstance(node, (ast.Import, ast.ImportFrom))}
    dots = "." * len(module_of(path))
    assert eager <= {"from typing import TYPE_CHECKING", f"from {dots}lazy import attach", "import numpy"}


PUBLIC = [path for path in INITS if exported_names(parse(path))]


def test_public_namespaces_are_lazy():
    # `from_scratch` stands alone; `onnx` has one name.
    assert {name(path.parent) for path in PUBLIC} - {name(path.parent) for path in LAZY} == {
        "minikeras/from_scratch",
        "minikeras/saving/onnx",
    }


def definitions(tree):
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def length(function):
    """Lines of a function without its docstring."""
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


def test_length_leaves_the_docstring_out():
    source = 'def f(\n    x,\n):\n    """One.\n\n    Two.\n    """\n    return x\n'
    assert length(ast.parse(source).body[0]) == 4


@pytest.mark.parametrize("path", FILES, ids=name)
def test_sizes(path):
    # A table of names has two lines for each, and nothing to understand.
    assert path in LAZY or len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    long = {function.name: length(function) for function in definitions(parse(path))}
    assert {each: lines for each, lines in long.items() if lines > LONGEST_FUNCTION} == {}


def public_definitions(tree):
    """Public functions and classes of a module, and the public methods of those classes."""
    for node in tree.body:
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or node.name.startswith("_"):
            continue
        yield node.name, node
        if isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and not method.name.startswith("_"):
                    yield f"{node.name}.{method.name}", method


@pytest.mark.parametrize("path", FILES, ids=name)
def test_docstrings(path):
    tree = parse(path)
    assert ast.get_docstring(tree), "the module docstring says why the module exists"
    missing = [each for each, node in public_definitions(tree) if "." not in each and not ast.get_docstring(node)]
    assert missing == []


def unhinted(function, is_method):
    """What of a function has no type hint."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    is_static = any(ast.unparse(decorator) == "staticmethod" for decorator in function.decorator_list)
    if is_method and not is_static:
        positional = positional[1:]
    starred = [argument for argument in (arguments.vararg, arguments.kwarg) if argument is not None]
    missing = [each.arg for each in [*positional, *arguments.kwonlyargs, *starred] if each.annotation is None]
    return missing if function.returns is not None else [*missing, "return"]


@pytest.mark.parametrize("path", FILES, ids=name)
def test_type_hints(path):
    missing = {
        each: unhinted(node, "." in each)
        for each, node in public_definitions(parse(path))
        if isinstance(node, ast.FunctionDef)
    }
    assert {each: what for each, what in missing.items() if what} == {}


def public_callables(namespace, seen):
    """The functions of a public namespace, and the methods and properties of its classes, each with its name."""
    for each in getattr(namespace, "__all__", ()):
        value = getattr(namespace, each)
        if inspect.ismodule(value) and value not in seen:
            seen.add(value)
            yield from public_callables(value, seen)
        elif inspect.isfunction(value):
            yield f"{value.__module__}.{each}", inspect.unwrap(value)
        elif inspect.isclass(value):
            for method in dir(value):
                member = inspect.getattr_static(value, method)
                member = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
                if inspect.isfunction(member) and (not method.startswith("_") or method == "__call__"):
                    yield f"{value.__module__}.{value.__qualname__}.{method}", inspect.unwrap(member)


def test_nothing_public_returns_an_object_of_which_nothing_is_known():
    """With `object` a user cannot do anything with the result; `Any` says that its type depends on something."""
    found = dict(public_callables(minikeras, {minikeras}))
    assert len(found) > 2000
    returned = {each: function.__annotations__.get("return") for each, function in found.items()}
    assert [each for each, hint in returned.items() if hint in (object, "object")] == []
