"""Put the model into the registry, with everything needed to make it again."""

import json
from pathlib import Path

from trimtab.contract.run import RunReport
from trimtab.data.store import Store
from trimtab.training.judgement.heldout import FIT_FILE, MODEL_FILE
from trimtab.training.record.registry import Files, register
from trimtab.training.record.workspace import Workspace


def register_model(asked: str, state: str, store: str, model: str, profile: str) -> None:
    """Register once; the report ends as that of the version that stands in MLflow."""
    place = Workspace(asked, state)
    with place.step("register") as report:
        folder = Path(model)
        logged = json.loads((folder / FIT_FILE).read_text())["logged"]
        files = Files(
            (folder / MODEL_FILE).read_bytes(), Path(profile).read_bytes(), [tuple(entry) for entry in logged]
        )
        standing = register(place.request, report, files, Store(store))
        for name in RunReport.model_fields:
            setattr(report, name, getattr(standing, name))
