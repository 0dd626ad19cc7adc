"""The images do their work in a restricted pod: not root, a root that nobody writes, no rights."""

import pytest

pytestmark = pytest.mark.timeout(900)  # the first test builds


def test_the_operator_starts(operator):
    done = operator.run(*operator.image.config["Entrypoint"], "--help")

    assert done.returncode == 0, done.stderr
    assert "trimtab's operator" in done.stdout


def test_the_operator_outside_of_a_cluster_ends_and_says_so(operator):
    done = operator.run(*operator.image.config["Entrypoint"])

    assert done.returncode != 0
    assert "Service host/port is not set" in done.stderr


def test_the_trainer_has_every_step_of_the_pipeline(trainer):
    done = trainer.run(
        "python", "-c", "import trimtab.training.run_pod, trimtab.training.steps.train, trimtab_pipelines"
    )

    assert done.returncode == 0, done.stderr


def test_the_serving_image_has_what_kuberay_calls(serving):
    done = serving.run("/bin/bash", "-c", "--", "ulimit -n 1024; ray --version && command -v grep")

    assert done.returncode == 0, done.stderr
    assert "ray, version 2." in done.stdout


def test_the_serving_image_has_the_application(serving):
    done = serving.run("python", "-c", "import trimtab.serving.app")

    assert done.returncode == 0, done.stderr


def test_no_module_is_compiled_when_the_operator_starts(operator):
    done = operator.run("python", "-v", "-c", "import trimtab.handlers.app")

    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if "# code object from" in line and ".py'" in line] == []


@pytest.mark.parametrize("path", ["/opt/trimtab/x", "/x", "/usr/x"])
def test_the_root_cannot_be_written(operator, path):
    done = operator.run("python", "-c", f"open({path!r}, 'w')")

    assert "Read-only file system" in done.stderr  # a missing right would say so, and the root might be written
