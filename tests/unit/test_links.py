"""What the pages link to is there, down to the heading."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
]


def anchors(page: Path) -> set[str]:
    """The names that GitHub gives to the page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """The files that the page links to, each with the heading that is meant, or nothing."""
    for path, anchor in re.findall(r"\]\(([^):#]*)(?:#([^)]+))?\)", page.read_text()):
        yield (page.parent / path).resolve() if path else page, anchor


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    wrong = [
        (target.name, anchor)
        for target, anchor in links(page)
        if not target.exists() or (anchor and anchor not in anchors(target))
    ]
    assert wrong == []


def test_a_page_has_links_at_all():
    assert len([*links(ROOT / "docs/install.md")]) > 1
