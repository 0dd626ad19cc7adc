"""The looks find what is planted: an image that passes them has been looked at."""

import json

import pytest

from tests.images import looks


@pytest.fixture
def root(tmp_path):
    for folder in ("usr/bin", "usr/local/bin", "opt/trimtab/bin"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def plant(root, path, mode=0o644, text=""):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(mode)
    return str(file)


def test_a_file_with_its_owners_rights_is_found(root):
    planted = plant(root, "usr/bin/su", 0o4755)

    assert looks.roots_own(root) == [planted]


def test_a_file_that_everybody_may_write_is_found(root):
    planted = plant(root, "usr/bin/env", 0o666)

    assert looks.writable(root) == [planted]


def test_a_compiler_and_an_installer_are_found(root):
    plant(root, "usr/bin/gcc")
    plant(root, "opt/trimtab/bin/pip")

    assert looks.tools(root) == ["gcc", "pip"]


def test_a_package_that_the_bill_leaves_out_is_found(root):
    plant(root, "var/lib/dpkg/status", text="Package: bash\nStatus: install ok installed\nVersion: 5.2\n\n")
    plant(root, "bill.json", text=json.dumps({"components": []}))

    assert looks.debian(root) - looks.billed(root, "/bill.json") == {("bash", "5.2")}


def test_a_distribution_is_found_by_its_plain_name(root):
    plant(root, "site/Py_Thing-1.0.dist-info/METADATA", text="Metadata-Version: 2.1\nName: Py_Thing\nVersion: 1.0\n")

    assert looks.distributed(root / "site") == {("py-thing", "1.0")}
