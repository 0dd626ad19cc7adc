"""The report for a browser: one file that needs no network, with plots one can point at."""

from html import escape
from pathlib import Path

import plotly.graph_objects as go
from plotly.io import to_html

from trimtab.compare import console
from trimtab.compare.decide import Drift
from trimtab.compare.sweep import Comparison

MOST_PLOTS = 30
_MOST_BARS = 40
_COLOURS = {"reference": "#8da0cb", "current": "#fc8d62"}
_VERDICTS = {"Drifted": "#c0392b", "Unknown": "#d4a017", "Stable": "#3a9a5b"}
_HEADINGS = ("feature", "verdict", "certainty", "distance", "missing", "share that moved most")
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .25rem .75rem .25rem 0 }
tr { border-bottom: 1px solid #ddd } .Drifted { color: #c0392b } .Unknown { color: #a67c00 } .Stable { color: #2f8f4e }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr)) }
"""


def page(comparison: Comparison) -> str:
    """Render the whole report; plots of the first features only, as a thousand would not open."""
    paths = comparison.reference.path, comparison.current.path
    title = "{1} against {0}".format(*names_apart(*paths))
    plots = [_ranking(comparison.drifts), *(_shares(drift) for drift in comparison.drifts[:MOST_PLOTS])]
    ranking, *shares = [
        to_html(figure, full_html=False, include_plotlyjs=at == 0, config={"displaylogo": False})
        for at, figure in enumerate(plots)
    ]
    left_out = "".join(f"<li>{escape(why)}</li>" for why in comparison.left_out)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
        f"<h1>{escape(title)}</h1><p>{escape(console.summary(comparison))}<br>{escape(console.together(comparison))}</p>"
        f"<p>reference: {escape(str(paths[0].absolute()))}<br>current: {escape(str(paths[1].absolute()))}</p>{ranking}"
        f'<div class="plots">{"".join(shares)}</div>{_table(comparison.drifts)}'
        f"{f'<h2>Left out</h2><ul>{left_out}</ul>' if left_out else ''}</html>"
    )


def names_apart(reference: Path, current: Path) -> tuple[str, str]:
    """As much of the end of both paths as tells them apart."""
    sides = reference.absolute().parts, current.absolute().parts
    for length in range(1, max(map(len, sides)) + 1):
        names = [str(Path(*parts[-length:])) for parts in sides]
        if names[0] != names[1]:
            return names[0], names[1]
    return reference.name, current.name


def _ranking(drifts: tuple[Drift, ...]) -> go.Figure:
    first = drifts[:_MOST_BARS][::-1]
    figure = go.Figure(
        go.Bar(
            x=[drift.effect for drift in first],
            y=[drift.feature for drift in first],
            orientation="h",
            marker_color=[_VERDICTS[drift.verdict] for drift in first],
            customdata=[[drift.verdict, console.distance(drift), console.moved(drift)] for drift in first],
            hovertemplate="%{y}: %{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        )
    )
    _lay_out(figure, "How far each feature moved", 160 + 22 * len(first))
    figure.update_yaxes(type="category")
    return figure


def _shares(drift: Drift) -> go.Figure:
    picture, numeric = drift.picture, drift.kind == "number"
    figure = go.Figure(
        [
            go.Bar(name=name, x=list(picture.places), y=getattr(picture, name), marker_color=colour, opacity=0.7)
            for name, colour in _COLOURS.items()
        ]
    )
    _lay_out(figure, f"{escape(drift.feature)} · {drift.verdict} · {console.distance(drift)}", 280)
    figure.update_layout(barmode="overlay" if numeric else "group", bargap=0.0 if numeric else 0.2)
    return figure


def _lay_out(figure: go.Figure, title: str, height: int) -> None:
    margin = {"l": 20, "r": 10, "t": 45, "b": 20}
    figure.update_layout(
        title={"text": title, "font": {"size": 14}}, height=height, margin=margin, template="plotly_white"
    )
    figure.update_yaxes(automargin=True)


def _table(drifts: tuple[Drift, ...]) -> str:
    head = "".join(f"<th>{heading}</th>" for heading in _HEADINGS)
    return f"<h2>All features</h2><table><tr>{head}</tr>{''.join(map(_row, drifts))}</table>"


def _row(drift: Drift) -> str:
    cells = (console.certainty(drift), console.distance(drift), console.missing(drift), console.moved(drift))
    told = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr><td>{escape(drift.feature)}</td><td class="{drift.verdict}">{drift.verdict}</td>{told}</tr>'
