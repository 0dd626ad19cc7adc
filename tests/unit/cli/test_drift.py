"""`trimtab drift` where the statistics are not installed."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from trimtab.cli import app


def test_without_the_runtimes_interpreter_it_says_how_to_get_one(monkeypatch, tmp_path):
    monkeypatch.setenv("TRIMTAB_RUNTIME_PYTHON", str(tmp_path / "python"))
    done = CliRunner().invoke(app, ["drift", "before.csv", "after.csv"])
    assert done.exit_code == 1
    assert "make setup" in done.output
    assert "TRIMTAB_RUNTIME_PYTHON" in done.output


@pytest.fixture
def echo(tmp_path):
    program = tmp_path / "python"
    program.write_text('#!/bin/sh\nprintf "%s|" "$@"\nexit 3\n')
    program.chmod(0o700)
    return program


def test_the_runtimes_interpreter_gets_every_option_as_given_and_its_status_counts(echo):
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from trimtab.cli import app; app()",
            "drift",
            "a.csv",
            "b c.csv",
            "-o",
            "json",
            "--help",
        ],
        env={"TRIMTAB_RUNTIME_PYTHON": str(echo)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "-m|trimtab.compare|a.csv|b c.csv|-o|json|--help|"
    assert done.returncode == 3
