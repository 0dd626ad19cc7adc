"""What can go wrong with the sandbox, each with a message a person can act on.

SandboxError
├── NoControlPlane   no cluster, no programs, no way to build them
├── BuildFailed      Go could not build a program
├── CommandFailed    a command the sandbox ran once ended badly
└── PartFailed       a part crashed or never became healthy
"""

from pathlib import Path


class SandboxError(Exception):
    """Base of all; its text is the whole message."""


class NoControlPlane(SandboxError):  # noqa: N818 - reads as what it says
    """There is no Kubernetes to be had."""


class BuildFailed(SandboxError):  # noqa: N818 - the same
    """Go could not build a program."""


class CommandFailed(SandboxError):  # noqa: N818 - the same
    """A command that should have ended well did not."""


class PartFailed(SandboxError):  # noqa: N818 - the same
    """A part crashed or did not become healthy; the message ends with the last lines of its log."""

    def __init__(self, part: str, cause: str, log: Path) -> None:
        """Name the part and the cause, and quote the log's end."""
        super().__init__(f"{part}: {cause}\n{_tail(log)}  (whole log: {log})")
        self.part = part


def _tail(log: Path, lines: int = 15) -> str:
    if not log.exists():
        return ""
    last = log.read_text(errors="replace").splitlines()[-lines:]
    return "".join(f"  | {line[:300]}\n" for line in last)
