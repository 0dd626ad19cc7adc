"""kubectl waits for objects whose status is there; ours for those that were applied a moment ago, too."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from trimtab.sandbox.commands import Kubectl
from trimtab.sandbox.errors import CommandFailed

NO_STATUS = "error: .status.conditions accessor error: <nil> is of the type <nil>, expected []interface{}"


@dataclass(frozen=True)
class Scripted(Kubectl):
    """Fails so many times before all is well."""

    program: str = "kubectl"
    kubeconfig: Path = Path("kubeconfig")
    failures: int = 0
    asked: list[tuple[str, ...]] = field(default_factory=list)

    async def __call__(self, *arguments, given=None):  # noqa: ARG002 - kubectl's own signature
        self.asked.append(arguments)
        if len(self.asked) <= self.failures:
            raise CommandFailed(NO_STATUS)
        return ""


async def test_an_object_without_a_status_yet_is_waited_for():
    kubectl = Scripted(failures=2)
    await kubectl.wait("condition=Established", "crd/a", "crd/b")
    assert kubectl.asked == [("wait", "--for=condition=Established", "--timeout=30s", "crd/a", "crd/b")] * 3


async def test_what_does_not_come_in_time_is_told_in_kubectls_words():
    with pytest.raises(CommandFailed, match="accessor error"):
        await Scripted(failures=10**6).wait("condition=Established", "crd/a", patience=0.0)
