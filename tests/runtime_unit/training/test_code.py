"""The digest of the user's code changes with whatever the training function may use, and with nothing else."""

import sys

import pytest

from trimtab.api.trainingrun import Trainer
from trimtab.errors import Refuse
from trimtab.training.fit import code as told
from trimtab.training.fit import entrypoint
from trimtab.training.fit.code import code_digest

TRAIN = "def train(data, hyperparameters, context): ...\n"


class Code:
    """A folder of user code with a package, that is forgotten after each look."""

    def __init__(self, folder):
        self.folder, self.package = folder, f"lessons_{folder.parent.name}"
        self.write(f"{self.package}/lesson.py", TRAIN)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def digest(self, module=None, *, path=True):
        named = {"source": {"path": str(self.folder)}} if path else {}
        trainer = Trainer.model_validate({"entrypoint": f"{module or f'{self.package}.lesson'}:train", **named})
        sys.path.insert(0, str(self.folder))
        try:
            return code_digest(entrypoint.load(trainer), trainer)
        finally:
            self.forget()

    def forget(self):
        for name in [name for name in sys.modules if name.endswith(self.folder.parent.name) or self.package in name]:
            del sys.modules[name]
        sys.path[:] = [entry for entry in sys.path if entry != str(self.folder)]


@pytest.fixture
def code(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # sources change faster than their times are told apart
    return Code(tmp_path / "code")


@pytest.mark.parametrize("name", ["{package}/helper.py", "sibling.py", "{package}/sql/rows.sql", "settings.yaml"])
def test_it_changes_with_any_file_of_the_path(code, name):
    name = name.format(package=code.package)
    digests = [code.digest()]
    for text in ("one", "two"):
        code.write(name, text)
        digests.append(code.digest())
    assert len(set(digests)) == 3
    assert code.digest() == digests[-1]


def test_it_changes_with_a_module_beside_that_of_the_entrypoint(code):
    module = f"single_{code.folder.parent.name}"
    code.write(f"{module}.py", f"from beside_{code.folder.parent.name} import x\n{TRAIN}")
    digests = set()
    for number in range(2):
        code.write(f"beside_{code.folder.parent.name}.py", f"x = {number}\n")
        digests.add(code.digest(module))
    assert len(digests) == 2


@pytest.mark.parametrize("name", [".git/index", ".env", "{package}/__pycache__/lesson.cpython-311.pyc"])
def test_what_is_hidden_or_compiled_is_no_code(code, name):
    before = code.digest()
    code.write(name.format(package=code.package), "x")
    assert code.digest() == before


def test_it_does_not_depend_on_where_the_path_lies(code, tmp_path):
    before = code.digest()
    code.folder = code.folder.rename(tmp_path / "elsewhere")
    assert code.digest() == before


def test_without_a_path_it_is_that_of_the_package(code):
    before = code.digest(path=False)
    code.write("sibling.py", "x = 1\n")
    assert code.digest(path=False) == before
    code.write(f"{code.package}/helper.py", "x = 1\n")
    assert code.digest(path=False) != before


def test_without_a_path_it_is_that_of_a_single_module(code):
    module = f"single_{code.folder.parent.name}"
    code.write(f"{module}.py", TRAIN)
    before = code.digest(module, path=False)
    code.write(f"{module}.py", f"{TRAIN}# changed\n")
    assert code.digest(module, path=False) != before


def test_a_large_file_counts_by_its_beginning_and_its_size(code):
    code.write("table.csv", "x" * (3 << 20))
    before = code.digest()
    code.write("table.csv", "x" * ((3 << 20) + 1))
    assert code.digest() != before


def test_a_path_with_too_many_files_is_refused_with_the_field(code, monkeypatch):
    monkeypatch.setattr(told, "MOST_FILES", 10)
    for number in range(10):
        code.write(f"rows/{number}", "")
    with pytest.raises(Refuse, match=r"spec\.trainer\.source\.path .* more than 10 files"):
        code.digest()
