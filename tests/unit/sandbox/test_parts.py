"""What each part is told: loopback only, ports of its own, secrets in files, rights counted out."""

import re

import pytest

from trimtab.sandbox import network
from trimtab.sandbox.layout import Layout
from trimtab.sandbox.part import Part
from trimtab.sandbox.parts.operator import operator, shell_environment
from trimtab.sandbox.parts.ray import ray
from trimtab.sandbox.site import Cluster, Site
from trimtab.sandbox.stack import items

RAY_DEFAULT_WORKERS = range(10002, 20000)


@pytest.fixture
def site(tmp_path):
    layout = Layout.at(tmp_path)
    layout.ray_token.write_text("secret-token")
    return Site(layout, network.choose(layout.addresses), Cluster(programs=tmp_path / "programs"))


def parts(site):
    return [item for item in items(site) if isinstance(item, Part)]


def test_no_two_things_are_told_the_same_port(site):
    ports = [value for name, value in vars(site.addresses).items() if name != "ray_workers"]
    workers = range(site.addresses.ray_workers, site.addresses.ray_workers + network.RAY_WORKERS)
    assert len(set(ports)) == len(ports)
    assert not set(ports) & set(workers)
    assert not {*ports, *workers} & set(RAY_DEFAULT_WORKERS)


def test_every_address_named_to_a_part_is_on_the_loopback_interface(site):
    for part in parts(site):
        hosts = re.findall(r"\b\d+\.\d+\.\d+\.\d+\b(?!/)", " ".join(part.command))
        assert set(hosts) <= {network.HOST}, part.name


def test_a_part_stands_only_on_what_there_is(site):
    names = {item.name for item in items(site)}
    assert {name for item in items(site) for name in item.after} <= names


def test_with_a_cluster_of_the_users_no_control_plane_is_started(site, tmp_path):
    theirs = Site(site.layout, site.addresses, Cluster(kubeconfig=tmp_path / "kubeconfig"))
    assert [item.name for item in items(theirs)] == ["manifests", "mlflow", "ray", "operator"]


def test_the_token_of_ray_stands_on_no_command_line(site):
    assert not any("secret-token" in word for part in parts(site) for word in part.command)
    assert ray(site).env["RAY_AUTH_MODE"] == "token"


def test_the_operator_gets_its_own_identity_and_people_get_the_administrators(site):
    assert operator(site).env["KUBECONFIG"] == str(site.layout.operator_kubeconfig)
    assert shell_environment(site)["KUBECONFIG"] == str(site.layout.admin_kubeconfig)


def test_the_remembered_ports_are_read_back(site):
    assert network.load(site.layout.addresses) == site.addresses


def test_ports_remembered_by_another_version_are_chosen_anew(site):
    site.layout.addresses.write_text('{"etcd": 1}')
    assert network.load(site.layout.addresses) is None
