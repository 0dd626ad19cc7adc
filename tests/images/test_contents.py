"""What is in an image, and what is not."""

import pytest

from tests.images import looks
from tests.support import images

pytestmark = pytest.mark.timeout(900)  # the first test builds

MOST = {"operator": 250e6, "trainer": 850e6, "serving": 700e6}
ABSENT = {
    "operator": {"kfp", "mlflow-skinny", "numpy", "pandas", "pyarrow", "ray", "rich", "scikit-learn", "typer"},
    "trainer": {"kopf", "mlflow", "ray", "rich", "typer"},
    "serving": {"kfp", "kopf", "kubernetes", "mlflow-skinny", "pandas", "pyarrow", "scikit-learn", "scipy"},
}
TITLE = "org.opencontainers.image.title"


def test_an_image_is_no_larger_than_it_may_be(built):
    assert built.image.size <= MOST[built.name]


def test_it_runs_as_nobody_in_particular(built):
    assert built.image.config["User"] == "1000:1000"


def test_no_file_gives_another_users_rights(built):
    assert looks.roots_own(built.root) == []


def test_no_file_can_be_written_by_everybody(built):
    assert looks.writable(built.root) == []


def test_it_holds_neither_a_compiler_nor_an_installer(built):
    assert looks.tools(built.root) == []
    assert not (built.packages / "pip").exists()


def test_it_holds_trimtab_and_not_what_belongs_to_another_image(built):
    names = {name for name, _ in looks.distributed(built.packages)}

    assert "trimtab" in names
    assert names & ABSENT[built.name] == set()


def test_its_bill_of_materials_lists_all_that_is_installed_and_nothing_else(built):
    bill = looks.billed(built.root, built.image.config["Labels"]["dev.trimtab.sbom"])

    assert bill == looks.distributed(built.packages) | looks.debian(built.root)


def test_its_labels_say_what_it_is(built):
    labels = built.image.config["Labels"]

    assert labels[TITLE] == f"trimtab {built.name}"
    assert labels["org.opencontainers.image.version"] == dict(looks.distributed(built.packages))["trimtab"]
    assert labels["org.opencontainers.image.licenses"] == "Apache-2.0"


def test_building_it_again_from_nothing_gives_the_same_bytes(operator):
    assert images.build("operator", fresh=True).manifest == operator.image.manifest
