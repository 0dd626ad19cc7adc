"""The user's code is found and called; what goes wrong there is told with the line."""

import sys

import pytest

from trimtab.api.trainingrun import Trainer
from trimtab.errors import Refuse
from trimtab.training.context import Context
from trimtab.training.fit import entrypoint

CONTEXT = Context(7, 1, "late", ("x",), ("x",), ())


class Code:
    """A folder of user code that is forgotten after the test."""

    def __init__(self, folder, package):
        self.folder = folder
        self.package = package
        (folder / package).mkdir()
        self.write("__init__.py", "")

    def write(self, name, text):
        (self.folder / self.package / name).write_text(text)

    def load(self, name):
        self.forget()
        return entrypoint.load(
            Trainer.model_validate({"entrypoint": f"{self.package}.{name}", "source": {"path": str(self.folder)}})
        )

    def forget(self):
        for name in [name for name in sys.modules if name.partition(".")[0] == self.package]:
            del sys.modules[name]
        sys.path[:] = [entry for entry in sys.path if entry != str(self.folder)]


@pytest.fixture
def code(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # sources change faster than their times are told apart
    code = Code(tmp_path, f"lessons_{tmp_path.name}")
    code.write("lesson.py", "def train(data, hyperparameters, context):\n    return data, hyperparameters\n")
    yield code
    code.forget()


def test_the_function_is_called_with_what_it_is_given(code):
    train = code.load("lesson:train")
    assert entrypoint.call(train, "rows", {"depth": 3}, CONTEXT) == ("rows", {"depth": 3})


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("absent:train", r"No module named '.*absent'"),
        ("lesson:trian", "has no attribute 'trian'"),
        ("broken:train", r"NameError: name 'undefined_name' is not defined at broken\.py:1"),
        ("constant:train", "is int, not a function"),
    ],
)
def test_code_that_cannot_be_imported_is_told_with_the_reason(code, name, message):
    code.write("broken.py", "undefined_name\n")
    code.write("constant.py", "train = 3\n")
    with pytest.raises(Refuse, match=message) as refused:
        code.load(name)
    assert refused.value.reason == "EntrypointNotFound"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("raise KeyError('temp')", r"KeyError: 'temp' at lesson\.py:2"),
        ("raise SystemExit(3)", r"SystemExit: 3 at lesson\.py:2"),
    ],
)
def test_code_that_raises_is_told_with_exception_and_line(code, line, message):
    code.write("lesson.py", f"def train(data, hyperparameters, context):\n    {line}\n")
    with pytest.raises(Refuse, match=message) as refused:
        entrypoint.call(code.load("lesson:train"), None, {}, CONTEXT)
    assert refused.value.reason == "TrainingRaised"


def test_numbers_the_code_logs_are_kept_in_order():
    context = Context(7, 1, "late", ("x",), ("x",), ())
    context.log_metric("loss", 0.5)
    context.log_metric("loss", 0.4, step=1)
    assert [(entry.name, entry.value, entry.step) for entry in context.logged] == [("loss", 0.5, 0), ("loss", 0.4, 1)]
