"""`trimtab up`, `status`, `env` and `down`, as a person uses them, on a real control plane."""

import os
import signal
import subprocess

from trimtab.sandbox import processes


def found_after(said, *programs):
    """Whether a shell that knows nothing finds the programs once it did what `up` said."""
    [told] = [line.strip().partition(')"')[0] + ')"' for line in said.splitlines() if "eval" in line]
    script = f"{told}; command -v {' '.join(programs)}"
    return subprocess.run(["/bin/bash", "-ec", script], env={"PATH": "/usr/bin:/bin"}, check=False).returncode


def test_up_twice_status_env_and_down(trimtab):
    begun = trimtab("up", "--only", "controlplane")
    assert found_after(begun.stderr, "trimtab", "kubectl") == 0
    first = trimtab.parts()
    assert {first[name]["state"] for name in ("etcd", "kube-apiserver", "kube-controller-manager")} == {"healthy"}
    assert first["mlflow"]["state"] == "stopped"

    again = trimtab("up", "--only", "controlplane")
    assert "already running" in again.stderr
    assert "mlflow: http" not in again.stderr  # an address at which nothing answers is not told
    assert trimtab.parts() == first

    shell = trimtab.environment()
    kinds = subprocess.run(
        ["kubectl", "api-resources", "--api-group", "trimtab.dev", "-o", "name"],
        capture_output=True,
        text=True,
        check=True,
        env=shell,
    )
    assert "trainingruns.trimtab.dev" in kinds.stdout

    trimtab("down")
    assert not any(processes.marked(f"{trimtab.state}:{name}") for name in first)
    assert {part["state"] for part in trimtab.parts().values()} == {"stopped"}


def test_a_crashed_part_shows_and_comes_back_with_what_was_stored(trimtab):
    trimtab("up", "--only", "controlplane")
    shell = trimtab.environment()
    subprocess.run(["kubectl", "create", "namespace", "kept"], check=True, capture_output=True, env=shell)
    os.kill(trimtab.parts()["etcd"]["pid"], signal.SIGKILL)
    assert trimtab.parts()["etcd"]["state"] == "crashed"
    trimtab("up", "--only", "controlplane")
    assert trimtab.parts()["etcd"]["state"] == "healthy"
    subprocess.run(["kubectl", "get", "namespace", "kept"], check=True, capture_output=True, env=shell)


def test_a_part_that_cannot_run_is_named_with_its_own_words(trimtab):
    refused = trimtab("up", "--only", "mlflow", check=False, TRIMTAB_RUNTIME_PYTHON="/bin/false")
    assert refused.returncode == 1
    assert "mlflow: crashed" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_an_unknown_part_is_refused(trimtab):
    refused = trimtab("up", "--only", "redis", check=False)
    assert refused.returncode == 1
    assert "no part is named redis" in refused.stderr


def test_without_a_sandbox_status_says_how_to_start_one(trimtab):
    refused = trimtab("status", check=False)
    assert refused.returncode == 1
    assert "trimtab up" in refused.stderr
    assert "nothing was running" in trimtab("down").stderr
