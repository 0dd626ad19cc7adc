"""What the labels of a window say: added up part by part, as all its answers together may not fit into memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from trimtab.drift import LabelSums, PairedSums
from trimtab.serving.memory.answers import Request


@dataclass(frozen=True)
class Labelled:
    """Sums over requests of a window; sums of parts add up exactly."""

    rows: int = 0
    """With labels or without."""
    champion: LabelSums = field(default_factory=LabelSums)
    pairs: PairedSums = field(default_factory=PairedSums)

    @classmethod
    def of(cls, parts: Iterable[list[Request]], pair: str | None) -> Self:
        """Add up what the champion was worth, and what it was beside the candidate of a pair."""
        whole = cls()
        for part in parts:
            labelled = [request for request in part if _fits(request.labels, request)]
            paired = [
                request for request in labelled if request.pair == pair and _fits(request.candidate, request, size=4)
            ]
            whole = cls(
                whole.rows + sum(request.rows for request in part),
                whole.champion + LabelSums.of(_labels(labelled), _floats(each.champion for each in labelled)),
                whole.pairs + _compared(paired),
            )
        return whole


def _compared(paired: list[Request]) -> PairedSums:
    champion, candidate = (_floats(each.champion for each in paired), _floats(each.candidate or b"" for each in paired))
    return PairedSums.of_labels(_labels(paired), champion, candidate)


def _fits(values: bytes | None, request: Request, size: int = 1) -> bool:
    """Whether there is a value of so many bytes for each row."""
    return values is not None and len(values) == request.rows * size


def _labels(requests: Iterable[Request]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(b"".join(request.labels or b"" for request in requests), dtype=np.uint8)


def _floats(answers: Iterable[bytes]) -> npt.NDArray[np.float32]:
    return np.frombuffer(b"".join(answers), dtype=np.float32)
