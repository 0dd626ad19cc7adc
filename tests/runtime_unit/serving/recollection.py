"""The monitor's memory at times that a test chooses: notes and labels in, a report out."""

from pathlib import Path

import numpy as np

from trimtab.contract.serving import MonitorReport, ServingPlan
from trimtab.drift import PairedSums, WindowCounts
from trimtab.serving.memory.closing import close_windows
from trimtab.serving.memory.focus import Focus
from trimtab.serving.memory.intake import label, take
from trimtab.serving.memory.progress import end_of
from trimtab.serving.memory.reports import report
from trimtab.serving.memory.store import Store
from trimtab.serving.oip.feedback import Feedback, Receipt
from trimtab.serving.tee.messages import Answered, Batch, Compared, Counted, Note
from trimtab.serving.version.artifacts import fetch_profile


class Recollection:
    def __init__(self, file: Path, plan: ServingPlan) -> None:
        self.store = Store.open(file)
        self.focus = Focus(plan, fetch_profile(plan.champion.profile))
        self.sequence = 0

    def tell(self, *notes: Note, at: float = 0.0, replica: str = "r") -> None:
        self.sequence += 1
        with self.store.transaction():
            take(self.store, Batch(replica, self.sequence, notes), self.focus, at)
        self.look(at)

    def ask(self, request: str, window: str, *, at: float = 0.0, rows: int = 1, replica: str = "r") -> None:
        """One request, answered."""
        self.tell(self.counted(window, rows), self.answered(request, window, rows), at=at, replica=replica)

    def label(self, *requests: str, labels=(1,), at: float = 0.0) -> Receipt:
        with self.store.transaction():
            receipt = label(self.store, [Feedback(each, bytes(labels)) for each in requests], self.focus, at)
        self.look(at)
        return receipt

    def look(self, at: float) -> None:
        with self.store.transaction():
            close_windows(self.store, self.focus, end_of(self.focus.plan.monitoring.window), at)

    def report(self) -> MonitorReport:
        return report(self.store, self.focus)

    def known(self, table: str) -> int:
        return self.store._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608, SLF001  # our own names

    def counted(self, window: str, rows: int = 1, requests: int = 1) -> Counted:
        none = np.zeros(self.focus.profile.layout.size, dtype=np.int64)
        return Counted(self.focus.stream, window, WindowCounts(rows, none), None, requests)

    def answered(self, request: str, window: str, rows: int = 1, *, mirrored: bool = False) -> Answered:
        chances = np.full(rows, 0.5, dtype=np.float32).tobytes()
        return Answered(request, self.focus.stream, window, chances, mirrored)

    def compared(self, request: str, window: str, rows: int = 1, **sums: int) -> Compared:
        chances = np.full(rows, 0.5, dtype=np.float32).tobytes()
        return Compared(request, self.focus.stream, self.focus.pair, window, PairedSums(rows=rows, **sums), chances)
