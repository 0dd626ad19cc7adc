"""The project's own frame."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_operator_is_a_source_root_and_never_a_package():
    # As a package it would shadow the standard library's `operator`, and Python would not start.
    assert not (ROOT / "operator" / "__init__.py").exists()


def test_the_locks_name_no_address_and_no_folder_of_a_machine():
    for lock in (ROOT / "requirements").glob("*.lock"):
        assert not re.search(r"https?:|index-url|file:| /\w", lock.read_text()), lock.name


def test_every_command_of_the_makefile_explains_itself():
    text = (ROOT / "Makefile").read_text()
    phony = {name for line in re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE) for name in line.split()}
    explained = set(re.findall(r"^([a-z0-9-]+):.*## ", text, re.MULTILINE))
    assert phony == explained
