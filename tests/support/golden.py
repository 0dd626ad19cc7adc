"""What was rendered once and read by a person, held against what is rendered now.

`UPDATE_GOLDEN=1 pytest …` writes the files again; the difference is for a review.
"""

import os
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "golden"


def same(name: str, text: str) -> None:
    """Hold the text against the golden file of this name."""
    path = FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"{path} is not there; UPDATE_GOLDEN=1 writes it"
    assert text == path.read_text(encoding="utf-8"), f"{name} is rendered otherwise; UPDATE_GOLDEN=1 writes it"
