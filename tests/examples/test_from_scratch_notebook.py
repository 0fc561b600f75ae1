"""The exercise for students: as it is handed out, with its bodies filled in, and with typical wrong answers."""

import ast
import json
import pathlib
import re

import matplotlib.pyplot as plt
import pytest

NOTEBOOK = pathlib.Path(__file__).parent.parent.parent / "examples" / "from_scratch.ipynb"
EMPTY = "    # your code here\n"

RIGHT = {
    "perceptron": "return int(np.dot(w, x) + b > 0)",
    "sigmoid": "return 1 / (1 + np.exp(-z))",
    "sigmoid_unit": "return sigmoid(np.dot(w, x) + b)",
    "nn_parameter_maker": """
        w = [np.random.randn(after, before) for before, after in zip(sizes, sizes[1:])]
        b = [np.random.randn(after, 1) for after in sizes[1:]]
        return w, b
    """,
    "forward_pass": """
        a = inp
        for k in range(len(w)):
            a = sigmoid(w[k] @ a + b[k])
        return a
    """,
    "predict": "return forward_pass(X.T, w, b).T",
    "cost_function": "return np.sum((predict(X, w, b) - y) ** 2) / len(X)",
    "w_update": """
        new_w = [array.copy() for array in w]
        new_w[layer_id][i, j] = new_param
        return new_w
    """,
    "b_update": """
        new_b = [array.copy() for array in b]
        new_b[layer_id][i] = new_param
        return new_b
    """,
    "gradient_estimator": """
        cost = cost_function(X, y, w, b)
        w_pds = [np.zeros(array.shape) for array in w]
        b_pds = [np.zeros(array.shape) for array in b]
        for k in range(len(w)):
            for i in range(w[k].shape[0]):
                for j in range(w[k].shape[1]):
                    new_w = w_update(w, k, i, j, w[k][i, j] + eps)
                    w_pds[k][i, j] = (cost_function(X, y, new_w, b) - cost) / eps
                new_b = b_update(b, k, i, b[k][i, 0] + eps)
                b_pds[k][i, 0] = (cost_function(X, y, w, new_b) - cost) / eps
        return w_pds, b_pds
    """,
    "one_step_gd": """
        w_pds, b_pds = gradient_estimator(X, y, w, b)
        new_w = [w[k] - lr * w_pds[k] for k in range(len(w))]
        new_b = [b[k] - lr * b_pds[k] for k in range(len(b))]
        return new_w, new_b
    """,
    "GD": """
        errors = []
        for _ in range(epoch):
            w, b = one_step_gd(X, y, w, b, lr)
            errors.append(cost_function(X, y, w, b))
        plt.plot(errors)
        return w, b
    """,
}

# A function, a wrong body for it (or what to write for what in the right one), and what the check says.
WRONG = [
    ("perceptron", "", "Nothing returned: it returns None. Is the body still empty, or the `return` missing?"),
    ("perceptron", ("(w, x)", "(w.T, y)"), "Error: it stopped with NameError: name 'y' is not defined"),
    ("perceptron", ("np.dot(w, x)", "w * x"), "Error: it stopped with TypeError"),
    (
        "perceptron",
        "return (w * x + b > 0).astype(int)",
        "Shape: the answer: expected a single number, received of shape",
    ),
    ("perceptron", (" + b", ""), "Missing bias: for x = (0, 0, 0) and b = 1 expected 1, received 0. Add b to w·x."),
    ("perceptron", ("+ b", "- b"), "Sign: for x = (0, 0, 0) and b = 1 expected 1, received 0. Add b"),
    (
        "perceptron",
        ("> 0", "< 0"),
        "Sign: for x = (1, 1, 1) and b = 1 expected 1, received 0. It answers 1 where w·x + b is n",
    ),
    ("perceptron", ("> 0", ">= 0"), "Value: for x = (0, 0, 0) and b = 0 expected 0, received 1. The answer is 0 where"),
    (
        "perceptron",
        "return np.dot(w, x) + b",
        "Value: for x = (1, 1, 1) and b = 1 expected 1, received 3. Return 1 or 0",
    ),
    ("perceptron", "return 1", "Value: for x = (0, 1, 1) and b = 1 expected 0, received 1."),
    ("perceptron", "x *= w; return int(sum(x) + b > 0)", "Changed input: x is not what it was before the call"),
    ("sigmoid", ("-z", "z"), "Sign: sigmoid(-2.0): this is 1 / (1 + e^z). The power is -z."),
    ("sigmoid", "return 1 + np.exp(-z)", "Value: sigmoid(-2.0): this is 1 + e^-z"),
    ("sigmoid", "return np.exp(-z)", "Value: sigmoid(-2.0): this is e^-z alone"),
    (
        "sigmoid",
        "return 1 / (1 + np.exp(-np.sum(z)))",
        "Shape: sigmoid of an array: expected of shape (2, 3), received a si",
    ),
    ("sigmoid", "return np.tanh(z)", "Value: sigmoid(-2.0): expected 0.1192, received -0.96403."),
    ("sigmoid_unit", (" + b", ""), "Missing bias: the answer: this is sigmoid(w·x). Add b before the sigmoid."),
    ("sigmoid_unit", ("+ b", "- b"), "Sign: the answer: this is sigmoid(w·x - b). Add b."),
    (
        "sigmoid_unit",
        ("sigmoid(np.dot(w, x) + b)", "sigmoid(-np.dot(w, x) - b)"),
        "Sign: the answer: this is sigmoid(-(",
    ),
    ("sigmoid_unit", ("sigmoid", ""), "Value: the answer: this is w·x + b. Take its sigmoid."),
    ("sigmoid_unit", ("np.dot(w, x)", "w * x"), "Shape: the answer: expected a single number, received of shape (3,)."),
    (
        "nn_parameter_maker",
        ("(after, before)", "(before, after)"),
        "Transpose: w[0]: expected of shape (3, 2), received of sh",
    ),
    (
        "nn_parameter_maker",
        ("(after, 1)", "(1, after)"),
        "Transpose: b[0]: expected of shape (3, 1), received of shape (1, 3)",
    ),
    ("nn_parameter_maker", ("(after, 1)", "(after)"), "Shape: b[0]: expected of shape (3, 1), received of shape (3,)."),
    (
        "nn_parameter_maker",
        ("return w, b", "return w"),
        "Missing bias: it returns one list of arrays. Return both: w, b.",
    ),
    (
        "nn_parameter_maker",
        ("return w, b", "return w, []"),
        "Missing bias: b is an empty list. Each neuron has a bias.",
    ),
    (
        "nn_parameter_maker",
        ("sizes, sizes[1:]", "sizes[:1], sizes[1:]"),
        "Shape: w: expected 2 arrays, one a layer but the inp",
    ),
    (
        "nn_parameter_maker",
        ("random.randn(after, before)", "zeros((after, before))"),
        "Value: all weights of w[0] are 0. Neu",
    ),
    ("nn_parameter_maker", "return 3", "Shape: expected two lists, w and b; received a single number."),
    (
        "nn_parameter_maker",
        ("return w, b", "sizes.pop(); return w, b"),
        "Changed input: sizes is not what it was before",
    ),
    ("forward_pass", (" + b[k]", ""), "Missing bias: the outputs: b[k] is not added."),
    ("forward_pass", ("+ b[k]", "- b[k]"), "Sign: the outputs: b[k] is subtracted. Add it."),
    (
        "forward_pass",
        ("sigmoid(w[k] @ a + b[k])", "sigmoid(-w[k] @ a - b[k])"),
        "Sign: the outputs: this is sigmoid(-z).",
    ),
    (
        "forward_pass",
        ("w[k] @", "w[k].T @"),
        "Transpose: the outputs: w[k] is transposed. It stands as it is: w[k] a[k].",
    ),
    (
        "forward_pass",
        ("return a", "return a.T"),
        "Transpose: the outputs: expected of shape (2, 7), received of shape (7, 2).",
    ),
    (
        "forward_pass",
        ("return a", "return a[0]"),
        "Shape: the outputs: expected of shape (2, 7), received of shape (7,).",
    ),
    ("forward_pass", ("sigmoid", ""), "Value: the outputs: the sigmoid is missing."),
    ("forward_pass", ("range(len(w))", "range(1)"), "Value: the outputs: these are the outputs of the first layer."),
    ("forward_pass", ("a = inp", "a = inp; inp *= 2"), "Changed input: inp is not what it was before the call"),
    (
        "forward_pass",
        ("a = sig", "b[k] += w[k] @ a; a = sig"),
        "Error: it stopped with ValueError: non-broadcastable output",
    ),
    ("predict", ("X.T, w, b).T", "X, w, b)"), "Transpose: the answers: X is not transposed on the way in"),
    ("predict", ("X.T, w, b).T", "X, w, b).T"), "Transpose: the answers: X is not transposed on the way in"),
    (
        "predict",
        ("X.T, w, b).T", "X.T, w, b)"),
        "Transpose: the answers: the outputs are not transposed on the way out.",
    ),
    ("predict", ("X.T, w, b)", "X.T, w, [0 * each for each in b])"), "Missing bias: the answers: b[k] is not added."),
    ("cost_function", (" / len(X)", ""), "Value: the cost: this is the sum. Divide it by m, the number of examples."),
    ("cost_function", "return np.mean((predict(X, w, b) - y) ** 2)", "Value: the cost: this is half the cost."),
    ("cost_function", ("return ", "return -"), "Sign: the cost: a sum of squares is not negative."),
    ("cost_function", (" ** 2", ""), "Value: the cost: this is the sum of the errors. Square each one."),
    (
        "cost_function",
        "return np.sum(abs(predict(X, w, b) - y)) / len(X)",
        "Value: the cost: these are absolute errors.",
    ),
    (
        "cost_function",
        "return np.sum((predict(X, w, b) - y) ** 2, axis=0) / len(X)",
        "Shape: the cost: expected a single",
    ),
    (
        "cost_function",
        "return np.sum((forward_pass(X.T, w, [0 * e for e in b]).T - y) ** 2) / len(X)",
        "Missing bias: the",
    ),
    ("cost_function", "return np.sum((forward_pass(X, w, b) - y) ** 2) / len(X)", "Error: it stopped with ValueError"),
    (
        "w_update",
        ("[array.copy() for array in w]", "w"),
        "Changed input: w is not what it was before the call. Work on a copy",
    ),
    ("w_update", ("[array.copy() for array in w]", "w.copy()"), "Changed input: w is not what it was before the call."),
    ("w_update", ("[i, j]", "[j, i]"), "Transpose: row and column are exchanged: i is the row, j the column."),
    (
        "w_update",
        ("return new_w", "return new_w[layer_id]"),
        "Shape: the weights: expected a list of all 2 arrays; received of",
    ),
    ("w_update", ("= new_param", "+= new_param"), "Value: new_param was added. Put it in the old one's place."),
    ("w_update", "return [array.copy() for array in w]", "Value: nothing was replaced."),
    ("b_update", ("[array.copy() for array in b]", "list(b)"), "Changed input: b is not what it was before the call."),
    (
        "b_update",
        ("[layer_id][i]", "[layer_id][:]"),
        "Value: all biases of the layer were replaced. Replace the one in row i.",
    ),
    ("b_update", ("[layer_id][i]", "[layer_id][0]"), "Value: the biases[0]: expected"),
    ("b_update", ("return new_b", "return new_b[layer_id]"), "Shape: the biases: expected a list of all 2 arrays"),
    ("gradient_estimator", ("- cost) / eps", "+ -cost) / -eps"), "Sign: every slope has the wrong sign."),
    ("gradient_estimator", ("b_pds[k][i, 0] =", "_ ="), "Missing bias: the slopes along the biases are all 0."),
    (
        "gradient_estimator",
        ("return w_pds, b_pds", "return w_pds"),
        "Missing bias: it returns one list of arrays. Return both",
    ),
    ("gradient_estimator", (" / eps", ""), "Value: these are differences of the cost. Divide by eps."),
    (
        "gradient_estimator",
        ("return w_pds", "return [e.T for e in w_pds]"),
        "Transpose: rows and columns of w_pds are exchang",
    ),
    (
        "gradient_estimator",
        ("return w_pds", "return [e[0] for e in w_pds]"),
        "Shape: w_pds[0]: expected of shape (2, 2), rec",
    ),
    (
        "gradient_estimator",
        ("new_w = w_update(w, k, i, j, w[k][i, j] + eps)", "w[k][i, j] += eps; new_w = w"),
        "Changed input: w",
    ),
    ("gradient_estimator", ("w[k][i, j] + eps", "eps"), "Value: w_pds[0]: expected"),
    ("gradient_estimator", ("+ eps", ""), "Value: all slopes are 0."),
    ("one_step_gd", ("- lr", "+ lr"), "Sign: this step goes uphill. Subtract the slopes."),
    (
        "one_step_gd",
        ("return new_w, new_b", "return new_w, b"),
        "Missing bias: the biases did not move. They take a step too.",
    ),
    ("one_step_gd", ("lr * ", ""), "Value: the learning rate is missing."),
    (
        "one_step_gd",
        ("return new_w, new_b", "return new_w"),
        "Missing bias: it returns one list of arrays. Return both: new_w",
    ),
    (
        "one_step_gd",
        ("return new_w", "return [e.T for e in new_w]"),
        "Transpose: new_w[0]: rows and columns are exchanged.",
    ),
    (
        "one_step_gd",
        ("return new_w", "return new_w[:1]"),
        "Shape: new_w: expected 2 arrays, one a layer but the inputs; rece",
    ),
    (
        "one_step_gd",
        ("new_b = ", "_, b_pds = gradient_estimator(X, y, new_w, b); new_b = "),
        "Value: b was changed by slopes at the new w. Find all slopes first.",
    ),
    (
        "one_step_gd",
        """
        w_pds, b_pds = gradient_estimator(X, y, w, b)
        for k in range(len(w)):
            w[k] -= lr * w_pds[k]
            b[k] -= lr * b_pds[k]
        return w, b
        """,
        "Changed input: w is not what it was before the call.",
    ),
    (
        "GD",
        ("range(epoch)", "range(1)"),
        "Value: this is one step. Take `epoch` steps, each from where the last one led.",
    ),
    ("GD", ("range(epoch)", "range(epoch - 1)"), "Value: there is one step too few."),
    ("GD", ("range(epoch)", "range(epoch + 1)"), "Value: there is one step too many."),
    ("GD", ("w, b = one_step_gd", "new_w, new_b = one_step_gd"), "Value: nothing moved."),
    ("GD", ("w, b = one_step_gd", "w, _ = one_step_gd"), "Missing bias: the biases did not move. They take steps too."),
    ("GD", ("b, lr)", "b, -lr)"), "Sign: it goes uphill. Subtract the slopes."),
    (
        "GD",
        ("w, b = one_step_gd(X, y, w, b, lr)", "w[0] -= lr * gradient_estimator(X, y, w, b)[0][0]"),
        "Changed input: w",
    ),
    ("GD", ("return w, b", "return errors"), "Shape: expected two lists, w and b; received a list of 20."),
]


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def notebook():
    return json.loads(NOTEBOOK.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cells(notebook):
    """The code, by the names of the cells."""
    return {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"}


def functions(source):
    return [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]


def indent(body):
    """The lines of a body as they stand in a function."""
    lines = [line for line in body.strip("\n").splitlines() if line.strip()]
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    return "".join(f"    {line[margin:]}\n" for line in lines)


def fill(source, bodies):
    """An answer cell with bodies in the place of the empty ones."""
    names, parts = functions(source), (source + "\n").split(EMPTY)
    assert len(parts) == len(names) + 1
    filled = (part + (indent(bodies[name]) if bodies[name] else "") for name, part in zip(names, parts, strict=False))
    return "".join(filled) + parts[-1]


def run(cells, bodies, check=None):
    """Runs the notebook; or of all checks and pictures one check alone, after the answers it needs."""
    space = {}
    for name, source in cells.items():
        if name.startswith("answer"):
            source = fill(source, bodies)
        elif check not in (None, name) and name != "imports":
            continue
        exec(compile(source, name, "exec"), space)
        if name == check:
            break
    return space


def test_format(notebook):
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert set(notebook) == {"cells", "metadata", "nbformat", "nbformat_minor"}
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    names = [cell["id"] for cell in notebook["cells"]]
    assert len(set(names)) == len(names) and all(re.fullmatch("[a-zA-Z0-9_-]{1,64}", name) for name in names)
    for cell in notebook["cells"]:
        keys = {"cell_type", "id", "metadata", "source"}
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None
            keys |= {"outputs", "execution_count"}
        else:
            assert cell["cell_type"] == "markdown"
        assert set(cell) == keys
        assert cell["source"] and all(line.endswith("\n") for line in cell["source"][:-1])


def test_five_challenges_each_with_its_check(notebook, cells):
    names = [cell["id"] for cell in notebook["cells"]]
    for number in range(1, 6):
        answer = names.index(f"answer-{number}")
        assert names[answer + 1] == f"check-{number}"
        wanted = ", ".join(functions(cells[f"answer-{number}"]))
        assert cells[f"check-{number}"] == f"checks.challenge_{number}({wanted})"
    assert sum(name.startswith("answer") for name in names) == 5
    text = "".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    assert re.findall(r"## Challenge (\d)", text) == ["1", "2", "3", "4", "5"]


def test_as_it_is_handed_out_nothing_is_answered(cells, capsys):
    run(cells, dict.fromkeys(RIGHT))
    lines = [line for line in capsys.readouterr().out.splitlines() if "not yet" in line or "right" in line]
    assert len(lines) == len(RIGHT)
    for line, name in zip(lines, RIGHT, strict=True):
        assert line.startswith(f"{name}: not yet. Nothing returned:")


def test_filled_in_all_is_right(cells, capsys):
    space = run(cells, RIGHT)
    printed = capsys.readouterr().out
    for name in RIGHT:
        assert f"{name}: right." in printed
    assert "not yet" not in printed
    assert "gradient_estimator Passes(forward=14, backward=0)\n" in printed
    assert "backpropagation Passes(forward=1, backward=1)\n" in printed
    # The text invites students to put their own functions into the last part.
    w, b = space["GD"](space["X"], space["y"], *space["nn_parameter_maker"]([2, 3, 1]), epoch=5, lr=0.1)
    assert space["predict"](space["X"], w, b).shape == (200, 1)


@pytest.mark.parametrize(("name", "wrong", "message"), WRONG, ids=lambda value: str(value)[:40])
def test_wrong_answers_are_told_what_is_wrong(cells, capsys, name, wrong, message):
    if isinstance(wrong, tuple):
        assert wrong[0] in RIGHT[name]
        wrong = RIGHT[name].replace(*wrong)
    (number,) = (number for number in range(1, 6) if name in functions(cells[f"answer-{number}"]))
    run(cells, {**RIGHT, name: wrong}, check=f"check-{number}")
    lines = capsys.readouterr().out.splitlines()
    (line,) = (line for line in lines if line.startswith(f"{name}: "))
    assert line.startswith(f"{name}: not yet. {message}")


def test_every_kind_of_mistake_is_among_the_wrong_answers():
    kinds = {message.split(":")[0] for _, _, message in WRONG}
    assert kinds == {
        "Shape",
        "Sign",
        "Transpose",
        "Missing bias",
        "Changed input",
        "Value",
        "Error",
        "Nothing returned",
    }
    assert {name for name, _, _ in WRONG} == set(RIGHT)
