"""Real skaffold reads our file, and hands the images it built to the chart."""

import json
import os
import subprocess

import pytest
import yaml

from tests.support import gotools
from tests.support.helm import CHARTS

ROOT = CHARTS.parent
IMAGES = ("operator", "trainer", "serving")


@pytest.fixture(scope="module")
def skaffold(tmp_path_factory):
    """Skaffold with a home of its own and our Helm on its path, without a cluster."""
    try:
        program = gotools.binary("skaffold")
    except gotools.BuildFailed as error:
        pytest.skip(f"skaffold cannot be built here: {error}")
    home = tmp_path_factory.mktemp("skaffold")
    (home / "bin").mkdir()
    (home / "bin/helm").symlink_to(gotools.binary("helm"))
    told = {
        "MLFLOW_TRACKING_URI": "http://mlflow:5000",
        "TRIMTAB_STORE": "s3://models/trimtab",
        "TRIMTAB_STORAGE_SECRET": "keys",
    }
    quiet = {"SKAFFOLD_UPDATE_CHECK": "false", "SKAFFOLD_INTERACTIVE": "false", "KUBECONFIG": str(home / "none")}
    environment = {"HOME": str(home), "PATH": f"{home / 'bin'}:{os.environ['PATH']}", **told, **quiet}

    def run(*arguments, given=None):
        return subprocess.run(
            [program, *arguments],
            env=environment,
            input=given,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


@pytest.fixture
def built(tmp_path):
    """What `skaffold build` would have told of three images."""
    tags = [f"registry.example.com/trimtab/{name}:v1@sha256:{at:064d}" for at, name in enumerate(IMAGES)]
    builds = [{"imageName": f"trimtab/{name}", "tag": tag} for name, tag in zip(IMAGES, tags, strict=True)]
    (tmp_path / "builds.json").write_text(json.dumps({"builds": builds}))
    return tmp_path / "builds.json"


def test_skaffold_finds_all_that_the_file_names(skaffold):
    shown = skaffold("diagnose", "--yaml-only")
    assert shown.returncode == 0, shown.stderr
    config = yaml.safe_load(shown.stdout)
    assert [one["docker"]["buildArgs"]["IMAGE"] for one in config["build"]["artifacts"]] == [*IMAGES]
    assert all((ROOT / one["docker"]["dockerfile"]).exists() for one in config["build"]["artifacts"])
    assert {one["chartPath"] for one in config["deploy"]["helm"]["releases"]} == {
        str(path.parent) for path in CHARTS.glob("*/Chart.yaml")
    }


def test_a_misspelt_word_in_the_file_is_refused(skaffold):
    text = (ROOT / "skaffold.yaml").read_text().replace("dependsOn", "dependOn")
    refused = skaffold("diagnose", "--yaml-only", "-f", "-", given=text)
    assert refused.returncode != 0
    assert "dependOn" in refused.stderr


def test_the_chart_is_given_the_images_that_were_built(skaffold, built):
    shown = skaffold("render", "--offline", "--digest-source=tag", f"--build-artifacts={built}")
    assert shown.returncode == 0, shown.stderr
    objects = filter(None, yaml.load_all(shown.stdout, yaml.CSafeLoader))
    [deployment] = [one for one in objects if one["kind"] == "Deployment"]
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    told = {variable["name"]: variable.get("value") for variable in container["env"]}
    assert ("TRIMTAB_STORAGE_SECRET", "keys") in told.items()
    assert [container["image"], told["TRIMTAB_TRAINER_IMAGE"], told["TRIMTAB_SERVING_IMAGE"]] == [
        f"registry.example.com/trimtab/{name}@sha256:{at:064d}" for at, name in enumerate(IMAGES)
    ]
