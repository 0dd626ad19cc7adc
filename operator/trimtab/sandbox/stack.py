"""One sandbox as a whole: which parts there are, and what `up`, `down` and `status` mean."""

import asyncio
import secrets
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from trimtab.sandbox import kubeconfig, network, pki
from trimtab.sandbox.layout import Layout
from trimtab.sandbox.ledger import Ledger
from trimtab.sandbox.part import Part, Step
from trimtab.sandbox.parts.apiserver import apiserver, write_audit_policy
from trimtab.sandbox.parts.controllers import controllers
from trimtab.sandbox.parts.etcd import etcd
from trimtab.sandbox.parts.manifests import manifests
from trimtab.sandbox.parts.mlflow import mlflow
from trimtab.sandbox.parts.operator import operator
from trimtab.sandbox.parts.ray import ray
from trimtab.sandbox.plan import select
from trimtab.sandbox.site import Cluster, Site
from trimtab.sandbox.supervisor import Report, Seen, Supervisor


def items(site: Site) -> list[Part | Step]:
    """Everything there is to bring up at a site, in the order people read it."""
    cluster: list[Part | Step] = [manifests(site)]
    if site.cluster.programs:
        cluster = [etcd(site), apiserver(site), manifests(site), controllers(site)]
    return [*cluster, mlflow(site), ray(site), operator(site)]


@dataclass(frozen=True)
class Stack:
    """The sandbox of one state folder."""

    layout: Layout

    @classmethod
    def at(cls, state: Path) -> "Stack":
        """The sandbox of this state folder, whether it runs or not."""
        return cls(Layout.at(state))

    def site(self) -> Site | None:
        """The site as it was last prepared; None when there never was one."""
        addresses, cluster = network.load(self.layout.addresses), Cluster.load(self.layout.cluster)
        return Site(self.layout, addresses, cluster) if addresses and cluster else None

    def prepare(self, cluster: Cluster) -> Site:
        """Make folders, keys and kubeconfigs; ports stay as they are while anything runs."""
        self.layout.prepare()
        cluster.save(self.layout.cluster)
        running = Ledger(self.layout.processes).parts()
        known = network.load(self.layout.addresses) if running else None
        site = Site(self.layout, known or network.choose(self.layout.addresses), cluster)
        if not self.layout.ray_token.exists():
            self.layout.ray_token.touch(mode=0o600)
            self.layout.ray_token.write_text(secrets.token_hex(32))
        if cluster.programs:
            _write_access(site)
        return site

    async def up(self, site: Site, report: Report, only: Collection[str] = ()) -> None:
        """Bring up what is named (all, when nothing is); raises SandboxError."""
        await Supervisor(self.layout).up(select(items(site), only), report)

    async def status(self, site: Site) -> list[Seen]:
        """How each part is."""
        parts = [item for item in items(site) if isinstance(item, Part)]
        return list(await asyncio.gather(*map(Supervisor(self.layout).look, parts)))

    async def down(self, site: Site, only: Collection[str] = ()) -> list[str]:
        """Stop what is named (all, when nothing is); returns the names of the parts that were stopped."""
        everything = items(site)
        names = [item.name for item in select(everything, only)] if only else []
        stopped = await Supervisor(self.layout).down({item.name: item.after for item in everything}, names)
        if not only:
            shutil.rmtree(self.layout.ray_temp, ignore_errors=True)
        return stopped


def _write_access(site: Site) -> None:
    folder, url = site.layout.pki, site.url(site.addresses.apiserver, scheme="https")
    pki.issue(folder)
    write_audit_policy(folder / "audit-policy.yaml")
    kubeconfig.write(site.layout.admin_kubeconfig, kubeconfig.with_certificate(url, folder, "admin"))
    kubeconfig.write(folder / "controllers.kubeconfig", kubeconfig.with_certificate(url, folder, "controllers"))
