"""The operator started where nothing says which API server it is to speak to."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ({}, "is not set"),
        ({"KUBECONFIG": "/no/such/file"}, "/no/such/file"),
        ({"KUBECONFIG": __file__}, __file__),
    ],
)
def test_without_a_cluster_the_operator_ends_with_one_sentence_that_names_kubeconfig(named, says):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KUBE", "TRIMTAB_"))}
    ended = subprocess.run(
        [sys.executable, "-m", "trimtab.handlers"], env=kept | named, capture_output=True, text=True, check=False
    )
    line = ended.stderr.splitlines()[-1]
    assert ended.returncode == 1
    assert line.startswith("trimtab: ")
    assert "KUBECONFIG" in line
    assert "Traceback" not in ended.stderr
    assert says in line
