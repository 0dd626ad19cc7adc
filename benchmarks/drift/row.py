"""One line of the table: a bar, what was measured, and what the peers gave in the same run."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """`value` is what the bar speaks of; `peers` and `notes` are told beside it. `passed` None: told, no bar."""

    name: str
    bar: str
    value: float | str
    passed: bool | None
    peers: dict[str, Any] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
