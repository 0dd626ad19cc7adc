"""A request whose answer has left."""

from dataclasses import dataclass

from trimtab.contract.serving import VersionRef
from trimtab.drift import Profile
from trimtab.serving.oip.tensors import Values
from trimtab.serving.version.model import Probabilities


@dataclass(frozen=True)
class Seen:
    """What a request held and what the champion said; no probabilities where it failed."""

    request: str
    stream: str
    window: str
    ref: VersionRef
    profile: Profile | None
    inputs: dict[str, Values]
    probabilities: Probabilities | None
    mirrored: bool = False
    """Whether the candidate is asked too."""

    @property
    def rows(self) -> int:
        return len(next(iter(self.inputs.values())))

    @property
    def size(self) -> int:
        """Bytes held; a text is more than its pointer, by a guess."""
        return sum(values.nbytes * (8 if values.dtype.hasobject else 1) for values in self.inputs.values())
