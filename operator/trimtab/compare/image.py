"""The first features as an image, for an issue's comment or a terminal that shows pictures."""

from pathlib import Path

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from trimtab.compare import console
from trimtab.compare.decide import Drift
from trimtab.compare.sweep import Comparison

MOST_PLOTS = 6
_ACROSS = 3
_LONGEST_LABEL, _LONGEST_NAME = 12, 24


@rc_context({"text.parse_math": False})  # a name with dollars is no formula
def draw(comparison: Comparison, file: Path) -> None:
    """Write a PNG."""
    drifts = comparison.drifts[:MOST_PLOTS]
    down = -(-len(drifts) // _ACROSS)
    figure = Figure(figsize=(12, 0.8 + 3 * down), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(console.summary(comparison), fontsize=10)
    for at, drift in enumerate(drifts, start=1):
        _plot(figure.add_subplot(down, min(_ACROSS, len(drifts)), at), drift)
    figure.axes[0].legend(fontsize=8)
    figure.savefig(file, format="png", dpi=110)


def _plot(axes: Axes, drift: Drift) -> None:
    picture = drift.picture
    axes.set_title(f"{_cut(drift.feature, _LONGEST_NAME)}: {drift.verdict}, {console.distance(drift)}", fontsize=9)
    if picture.edges:
        axes.stairs(picture.reference, picture.edges, fill=True, alpha=0.5, label="reference")
        axes.stairs(picture.current, picture.edges, label="current", linewidth=1.5)
    else:
        places = range(len(picture.names))
        axes.bar([at - 0.2 for at in places], picture.reference, 0.4, label="reference")
        axes.bar([at + 0.2 for at in places], picture.current, 0.4, label="current")
        axes.set_xticks(list(places), [_cut(name, _LONGEST_LABEL) for name in picture.names], rotation=60)
    axes.tick_params(labelsize=7)


def _cut(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
