"""A certificate authority of our own: one per state folder, keys readable by the owner.

The sandbox's control plane has loopback names only; a cluster with other parts and addresses names them.
"""

import datetime as dt
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SERVICE_ADDRESS = "10.0.0.1"  # what `kubernetes.default` resolves to
_NAMES = ("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")
_VALID = dt.timedelta(days=3650)


@dataclass(frozen=True)
class Identity:
    """Who a certificate is for, and the file it goes into."""

    file: str
    common_name: str
    organisation: str | None = None


@dataclass(frozen=True)
class Authority:
    """The CA, where it keeps things, and the addresses that its certificates hold for."""

    folder: Path
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    addresses: Sequence[str]


CONTROL_PLANE = (
    Identity("server", "trimtab-sandbox"),  # also etcd's
    Identity("admin", "admin", "system:masters"),
    Identity("controllers", "system:kube-controller-manager"),
)


def issue(
    folder: Path,
    identities: Sequence[Identity] = CONTROL_PLANE,
    addresses: Sequence[str] = ("127.0.0.1", SERVICE_ADDRESS),
) -> None:
    """Issue, once, the CA, a certificate for each identity, and the key of the service accounts."""
    if (folder / "service-accounts.pub").exists():
        return
    authority = _authority(folder, addresses)
    for identity in identities:
        _leaf(authority, identity)
    key = ec.generate_private_key(ec.SECP256R1())
    _write_key(folder / "service-accounts.key", key)
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (folder / "service-accounts.pub").write_bytes(public)


def _authority(folder: Path, addresses: Sequence[str]) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("trimtab sandbox")
    usage = _usage(signs_certificates=True)
    certificate = (
        _builder(name, name, key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_certificate(folder / "ca.crt", certificate)
    return Authority(folder, certificate, key, addresses)


def _leaf(authority: Authority, identity: Identity) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = authority.certificate
    alternatives: list[x509.GeneralName] = [x509.DNSName(name) for name in _NAMES]
    alternatives += [x509.IPAddress(ipaddress.ip_address(a)) for a in authority.addresses]
    uses = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    certificate = (
        _builder(_name(identity.common_name, identity.organisation), issuer.subject, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    _write_certificate(authority.folder / f"{identity.file}.crt", certificate)
    _write_key(authority.folder / f"{identity.file}.key", key)


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + _VALID)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(common_name: str, organisation: str | None = None) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if organisation:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name(attributes)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write_certificate(file: Path, certificate: x509.Certificate) -> None:
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _write_key(file: Path, key: ec.EllipticCurvePrivateKey) -> None:
    file.touch(mode=0o600)
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
