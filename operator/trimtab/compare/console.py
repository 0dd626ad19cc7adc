"""The answer as a table for people and as JSON for programs.

Names are other people's and are printed as they stand: `speed [m/s]` holds no markup.
"""

import math
import sys
from collections.abc import Iterator
from typing import Any, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trimtab.compare.decide import Drift, Verdict
from trimtab.compare.sweep import Comparison
from trimtab.compare.together import LEAST_P

_STYLE: dict[Verdict, str] = {"Drifted": "red", "Unknown": "yellow", "Stable": "green"}

_FOLDED = ("FEATURE", "SHARE THAT MOVED MOST")
"""Columns that hold names, which may be longer than a line; the others hold numbers, which stay whole."""
_NARROWEST, _WIDEST = len("0.000 → 0.000"), 10_000


def standard_output() -> Console:
    """A terminal of its own width; a file or a pipe gets each feature on one line."""
    return Console() if sys.stdout.isatty() else Console(width=_WIDEST)


def show(comparison: Comparison, console: Console, top: int) -> None:
    """Print the first features and one line of summary."""
    console.print(_fitting(comparison.drifts[:top], console))
    if len(comparison.drifts) > top:
        console.print(f"and {len(comparison.drifts) - top} more, each less; --top shows them", style="dim")
    for why in comparison.left_out:
        console.print(Text(f"left out: {why}", style="dim"))
    for told in filter(None, (summary(comparison), together(comparison))):
        console.print(Text(told), soft_wrap=True)
    for why in _unknown(comparison):
        console.print(Text(f"unknown: {why}", style="dim"), soft_wrap=True)


def _unknown(comparison: Comparison) -> Iterator[str]:
    """Say what would tell of the features of which nothing is known."""
    unknown = [drift for drift in comparison.drifts if drift.verdict == "Unknown"]
    rare = [drift.feature for drift in unknown if drift.unseen > comparison.terms.tolerance]
    if rare:
        yield f"many rows of {', '.join(rare)} are of categories too many to be watched one by one"
    if len(rare) < len(unknown):
        more = f"more of {comparison.block}" if comparison.block else "more rows"
        yield f"{more}, or a wider --tolerance, would tell"


def summary(comparison: Comparison) -> str:
    """Say in one line what came out."""
    verdicts = [drift.verdict for drift in comparison.drifts]
    counted = f"{verdicts.count('Drifted')} of {len(verdicts)} features drifted, {verdicts.count('Unknown')} unknown"
    rows = f"{comparison.current.rows:,} rows against {comparison.reference.rows:,}"
    each = f", each {comparison.block} one observation" if comparison.block else ""
    return f"{counted}: {rows}{each}; tolerance {comparison.terms.tolerance:g}, rate {comparison.terms.rate:g}"


def together(comparison: Comparison) -> str:
    """Say in one line what the numbers show together; empty where there is but one."""
    known = comparison.together
    if known is None:
        return ""
    each = f"means by {comparison.block}" if comparison.block else "rows"
    p = f"p ≤ {LEAST_P:.3g}" if known.p <= LEAST_P else f"p {known.p:.3g}"
    return f"{known.columns} numbers together: {p} ({known.rows[1]:,} {each} against {known.rows[0]:,})"


def distance(drift: Drift) -> str:
    """Tell the distance with its unit."""
    if math.isnan(drift.distance):
        return "–"
    return f"{drift.distance:.3f} σ" if drift.kind == "number" else f"{drift.distance:.3f} JS"


def missing(drift: Drift) -> str:
    """Tell the share missing, before and now."""
    before, now = drift.missing_reference, drift.missing_current
    return f"{before:.1%} → {now:.1%}" if before or now else "0.0%"


def moved(drift: Drift, gap: str = " ") -> str:
    """Tell the share that moved most."""
    return f"{drift.quantity}:{gap}{drift.reference:.3f} → {drift.current:.3f}"


def certainty(drift: Drift) -> str:
    """Tell how sure the verdict is; no test is surer than its assumptions, so five nines are the end."""
    return "" if drift.certainty is None else f"{min(drift.certainty, 0.99999) * 100:.6g} %"


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Tell everything; what is no number is null."""
    return {
        "reference": {"path": str(comparison.reference.path), "rows": comparison.reference.rows},
        "current": {"path": str(comparison.current.path), "rows": comparison.current.rows},
        "tolerance": comparison.terms.tolerance,
        "falseAlarmRate": comparison.terms.rate,
        "block": comparison.block,
        "features": [_feature(drift) for drift in comparison.drifts],
        "leftOut": list(comparison.left_out),
        "together": comparison.together and {"p": comparison.together.p, "columns": comparison.together.columns},
    }


def _feature(drift: Drift) -> dict[str, Any]:
    return {
        "feature": drift.feature,
        "verdict": drift.verdict,
        "certainty": drift.certainty,
        "distance": None if math.isnan(drift.distance) else drift.distance,
        "measure": "Wasserstein" if drift.kind == "number" else "JensenShannon",
        "moved": {
            "share": drift.quantity,
            "reference": drift.reference,
            "current": drift.current,
            "interval": [drift.low, drift.high],
        },
        "missing": {"reference": drift.missing_reference, "current": drift.missing_current},
        "unseen": drift.unseen,
    }


def _fitting(drifts: tuple[Drift, ...], console: Console) -> Table:
    """Each on one line where that fits; else the share's numbers get a line of their own, as names alone may break."""
    table = _table(drifts, " ")
    width = console.measure(table, options=console.options.update(width=_WIDEST)).maximum
    return table if width <= console.width else _table(drifts, "\n")


def _table(drifts: tuple[Drift, ...], gap: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("FEATURE", "VERDICT", "CERTAINTY", "DISTANCE", "MISSING", "SHARE THAT MOVED MOST"):
        justify: Literal["left", "right"] = "right" if heading in ("CERTAINTY", "DISTANCE", "MISSING") else "left"
        folded = heading in _FOLDED
        least = _NARROWEST if folded else None
        table.add_column(heading, justify=justify, overflow="fold", no_wrap=not folded, min_width=least)
    for drift in drifts:
        verdict = Text(drift.verdict, style=_STYLE[drift.verdict])
        told = (certainty(drift), distance(drift), missing(drift), moved(drift, gap))
        table.add_row(Text(drift.feature), verdict, *map(Text, told))
    return table
