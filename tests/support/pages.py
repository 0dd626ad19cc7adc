"""What the pages of docs/ tell their readers to type."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def blocks(page: str, language: str) -> list[str]:
    """The page's code blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", (DOCS / f"{page}.md").read_text(), re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[str]:
    """The page's commands in their order, each on one line."""
    return "".join(blocks(page, "sh")).replace("\\\n", "").splitlines()
