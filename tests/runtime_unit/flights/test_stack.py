"""The environment the demonstration works in is the sandbox's, or there is none."""

import subprocess

from examples.flights.demo.stack import ENVIRONMENT


def told_by(tmp_path, script):
    program = tmp_path / "trimtab"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return subprocess.run(["bash", "-c", ENVIRONMENT, program, "state"], capture_output=True, text=True, check=False)


def test_what_the_sandbox_exports_is_taken_over(tmp_path):
    told = told_by(tmp_path, "echo export KUBECONFIG=/somewhere")
    assert "KUBECONFIG=/somewhere" in told.stdout.split("\0")


def test_a_sandbox_that_cannot_say_its_environment_ends_the_run(tmp_path):
    told = told_by(tmp_path, "exit 1")
    assert (told.returncode, told.stdout) == (1, "")
