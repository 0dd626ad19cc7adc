"""What is known of one feature of both tables."""

from dataclasses import dataclass
from itertools import pairwise

from trimtab.compare.shares import Shares


@dataclass(frozen=True)
class Picture:
    """What a plot shows: shares of rows by category, or by cell of a grid with one more edge than cells."""

    reference: tuple[float, ...]
    current: tuple[float, ...]
    names: tuple[str, ...] = ()
    edges: tuple[float, ...] = ()

    @property
    def places(self) -> tuple[str, ...] | tuple[float, ...]:
        """Name or middle of each share."""
        return self.names or tuple((low + high) / 2 for low, high in pairwise(self.edges))


@dataclass(frozen=True, eq=False)
class Measured:
    """One feature of both tables."""

    distance: float
    quantities: tuple[str, ...]
    reference: Shares
    current: Shares
    picture: Picture
    unseen: float = 0.0
    """Share of rows, on the side that has fewer, whose moves among one another no quantity shows."""
