"""What is generated from the kinds is what is committed, and it documents every word the operator may say."""

import re
from pathlib import Path

import pytest

from trimtab.api.docs import TABLES, conditions_page
from trimtab.api.generate import files, write

ROOT = Path(__file__).parents[3]
SOURCES = [path for path in (ROOT / "operator").rglob("*.py") if path.parent.name != "reasons"]


@pytest.mark.parametrize("path", files())
def test_a_generated_file_is_committed_as_it_is_generated(path):
    assert (ROOT / path).read_text() == files()[path], "run make gen and commit"


def test_generating_writes_every_file_under_the_root(tmp_path):
    write(files(), tmp_path)
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()} == set(files())


@pytest.mark.parametrize(("kind", "conditions", "reasons"), TABLES, ids=[table[0] for table in TABLES])
def test_the_page_documents_every_condition_and_reason_once(kind, conditions, reasons):
    section = conditions_page().split(f"\n## {kind}\n")[1].split("\n## ")[0]
    facts, table = section.split("| Reason |")
    assert [facts.count(f"\n| `{one}` |") for one in conditions] == [1] * len(conditions)
    assert [table.count(f"\n| `{one}` |") for one in reasons] == [1] * len(reasons)


@pytest.mark.parametrize(("kind", "conditions", "reasons"), TABLES, ids=[table[0] for table in TABLES])
def test_every_reason_stands_on_conditions_of_its_kind_and_says_what_to_do(kind, conditions, reasons):
    for reason in reasons:
        assert reason.on, f"{kind}: {reason} stands nowhere"
        assert set(reason.on) <= set(conditions)
        assert reason.when.endswith(".")
        assert reason.do.endswith(".")
        assert reason.status != "False" or reason.do != "Nothing.", f"{kind}: {reason} leaves the user alone"


def test_only_bad_news_asks_for_something():
    asking = [
        reason for _, _, reasons in TABLES for reason in reasons if reason.status == "True" and reason.do != "Nothing."
    ]
    assert [str(reason) for reason in asking] == ["Retrying"]


def test_every_documented_reason_is_said_somewhere():
    said = set(re.findall(r"\b(?:R|\w+Reason)\.([A-Z_]+)\b", "".join(path.read_text() for path in SOURCES)))
    assert [str(reason) for _, _, reasons in TABLES for reason in reasons if reason.name not in said] == []
