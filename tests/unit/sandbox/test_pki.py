"""The sandbox's certificates hold what they promise."""

import stat

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store

from trimtab.sandbox import pki


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pki")
    pki.issue(folder)
    return folder


def certificate(folder, name):
    return x509.load_pem_x509_certificate((folder / f"{name}.crt").read_bytes())


@pytest.mark.parametrize("name", ["server", "admin", "controllers"])
def test_each_certificate_is_the_authoritys(folder, name):
    verifier = (
        PolicyBuilder().store(Store([certificate(folder, "ca")])).build_server_verifier(x509.DNSName("localhost"))
    )
    assert verifier.verify(certificate(folder, name), [])


def test_keys_are_readable_by_their_owner_only(folder):
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.glob("*.key")} == {0o600}


def test_issuing_again_changes_nothing(folder):
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    pki.issue(folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
