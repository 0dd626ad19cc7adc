"""Kubeconfig files that need no other file: certificates and keys stand inside."""

import base64
from pathlib import Path
from typing import Any

import yaml


def with_certificate(server: str, pki: Path, name: str) -> dict[str, Any]:
    """A kubeconfig for the client certificate `<name>.crt` of a PKI folder."""
    user = {"client-certificate-data": _encoded(pki / f"{name}.crt"), "client-key-data": _encoded(pki / f"{name}.key")}
    cluster = {"server": server, "certificate-authority-data": _encoded(pki / "ca.crt")}
    return _config(cluster, name, user)


def with_token(admin: dict[str, Any], name: str, token: str) -> dict[str, Any]:
    """A kubeconfig for a bearer token, to the cluster that another one's current context names."""
    contexts = {context["name"]: context["context"] for context in admin["contexts"]}
    clusters = {cluster["name"]: cluster["cluster"] for cluster in admin["clusters"]}
    return _config(clusters[contexts[admin["current-context"]]["cluster"]], name, {"token": token})


def read(file: Path) -> dict[str, Any]:
    """Load a kubeconfig."""
    config: dict[str, Any] = yaml.safe_load(file.read_text())
    return config


def write(file: Path, config: dict[str, Any]) -> None:
    """Write a kubeconfig that only its owner can read."""
    file.touch(mode=0o600)
    file.write_text(yaml.safe_dump(config, sort_keys=False))


def _config(cluster: dict[str, Any], name: str, user: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "trimtab", "cluster": cluster}],
        "users": [{"name": name, "user": user}],
        "contexts": [{"name": "trimtab", "context": {"cluster": "trimtab", "user": name}}],
        "current-context": "trimtab",
    }


def _encoded(file: Path) -> str:
    return base64.b64encode(file.read_bytes()).decode()
