"""Which process each part is: one small file a part, so that a later command finds what an earlier one started."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from trimtab.sandbox.processes import Process


@dataclass(frozen=True)
class Ledger:
    """The files below one folder."""

    folder: Path

    def find(self, part: str) -> Process | None:
        """The process recorded for a part, running or not."""
        file = self._file(part)
        return Process(**json.loads(file.read_text())) if file.exists() else None

    def record(self, part: str, process: Process) -> None:
        """Remember a part's process."""
        draft = self._file(part).with_suffix(".new")
        draft.write_text(json.dumps(asdict(process)))
        draft.replace(self._file(part))

    def forget(self, part: str) -> None:
        """The part was stopped on purpose."""
        self._file(part).unlink(missing_ok=True)

    def parts(self) -> list[str]:
        """Every part that was started and not stopped on purpose."""
        return sorted(file.stem for file in self.folder.glob("*.json"))

    def _file(self, part: str) -> Path:
        return self.folder / f"{part}.json"
