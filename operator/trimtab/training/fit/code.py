"""The user's code by one digest: versions of one digest were made by the same code."""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType

from trimtab.api.reasons import TrainingReason
from trimtab.api.trainingrun import Trainer
from trimtab.errors import Refuse
from trimtab.training.context import TrainFunction

MOST_FILES = 10_000
_MOST_BYTES = 1 << 20
"""Read of one file; of a larger one the size speaks for the rest."""

Named = tuple[str, Path]


def code_digest(train: TrainFunction, trainer: Trainer) -> str:
    """SHA-256 over names and contents of the code, sorted.

    With `source.path` that is all in it, as the function may import or read any of it; what is hidden or compiled by
    Python is left out. Where the function lies elsewhere, it is its package, or its single module.

    Raises:
        Refuse: EntrypointNotFound, when `source.path` holds too many files for a folder of code.

    """
    folder = Path(trainer.source.path) if trainer.source else None
    files = [] if folder is None else list(_folder(folder))
    module = sys.modules[train.__module__ if isinstance(train, FunctionType) else type(train).__module__]
    if folder is None or not Path(module.__file__ or "/").is_relative_to(folder):
        files += _package(module)
    digest = hashlib.sha256()
    for name, path in sorted(files):
        digest.update(f"{name}\0{_fingerprint(path)}\n".encode())
    return f"sha256:{digest.hexdigest()}"


def _folder(folder: Path) -> Iterator[Named]:
    found = 0
    for place, folders, files in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if name[0] != "." and name != "__pycache__"]
        paths = [Path(place, name) for name in files if name[0] != "."]
        found += len(paths)
        if found > MOST_FILES:
            message = (
                f"spec.trainer.source.path {folder} holds more than {MOST_FILES} files: name the folder of the code"
            )
            raise Refuse(TrainingReason.ENTRYPOINT_NOT_FOUND, f"{message}, and keep data and environments out of it")
        yield from ((path.relative_to(folder).as_posix(), path) for path in paths)


def _package(module: ModuleType) -> Iterator[Named]:
    package = sys.modules[module.__name__.partition(".")[0]]
    roots = [Path(root) for root in getattr(package, "__path__", ())]
    if not roots and module.__file__:
        yield module.__name__, Path(module.__file__)
    for root in roots:
        for path in root.rglob("*.py"):
            yield path.relative_to(root).as_posix(), path


def _fingerprint(path: Path) -> str:
    """What is in a file; nothing of what cannot be read, which the function cannot read either."""
    if not path.is_file() or not os.access(path, os.R_OK):
        return ""
    with path.open("rb") as file:
        content = hashlib.sha256(file.read(_MOST_BYTES)).hexdigest()
    size = path.stat().st_size
    return content if size <= _MOST_BYTES else f"{content} of {size} bytes"
