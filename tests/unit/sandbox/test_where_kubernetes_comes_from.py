"""The order of choice: a kubeconfig that is named, else KUBEBUILDER_ASSETS, else a build."""

import pytest

from trimtab.sandbox.errors import NoControlPlane
from trimtab.sandbox.programs import NAMES, Versions, cached_programs, given, missing


@pytest.fixture
def theirs(tmp_path):
    file = tmp_path / "their-kubeconfig"
    file.touch()
    return file


@pytest.fixture
def assets(tmp_path):
    folder = tmp_path / "assets"
    folder.mkdir()
    for name in NAMES:
        (folder / name).touch(mode=0o755)
    return folder


def test_the_option_wins_over_programs(theirs, assets):
    assert given(theirs, {"KUBEBUILDER_ASSETS": str(assets)}).kubeconfig == theirs


def test_a_cluster_that_a_shell_happens_to_know_is_left_alone(theirs, assets):
    assert given(None, {"KUBECONFIG": str(theirs)}) is None
    assert given(None, {"KUBECONFIG": str(theirs), "KUBEBUILDER_ASSETS": str(assets)}).programs == assets


def test_programs_are_taken_from_kubebuilder_assets(assets):
    assert given(None, {"KUBEBUILDER_ASSETS": str(assets)}).programs == assets


def test_nothing_named_means_a_build():
    assert given(None, {}) is None


def test_a_kubeconfig_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(NoControlPlane, match=r"no kubeconfig at .*nowhere"):
        given(tmp_path / "nowhere", {})


def test_assets_that_lack_a_program_are_refused_and_the_ways_out_named(assets):
    (assets / "etcd").unlink()
    with pytest.raises(NoControlPlane, match=r"lacks etcd(.|\n)*1\.(.|\n)*2\.(.|\n)*3\."):
        given(None, {"KUBEBUILDER_ASSETS": str(assets)})


def test_a_program_that_cannot_be_executed_is_missing(assets):
    (assets / "kubectl").chmod(0o644)
    assert missing(assets) == ["kubectl"]


def test_the_cache_is_named_by_the_versions_in_go_mod(tmp_path):
    (tmp_path / "go.mod").write_text(
        "module m\n\ngo 1.26.0\n\nrequire (\n\tgo.etcd.io/etcd/server/v3 v3.7.3\n\tk8s.io/kubernetes v1.37.2\n)\n"
    )
    versions = Versions.read(tmp_path)
    assert versions.go == (1, 26)
    folder = cached_programs(versions, {"XDG_CACHE_HOME": "/cache"})
    assert str(folder) == "/cache/trimtab/controlplane/kubernetes-1.37.2-etcd-3.7.3"
