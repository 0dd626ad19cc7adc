"""The report with plots: one HTML file that needs nothing else."""

import html
import json
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from examples.flights.demo.result import MODELS

COLOURS = {"frozen": "#888888", "trimtab": "#d62728", "oracle": "#1f77b4"}
MARKS = {"Promoted": "#2ca02c", "Rejected": "#d62728", "Retrain": "#ff7f0e"}
STYLE = (
    "body{font-family:sans-serif;max-width:70em;margin:2em auto}"
    "td,th{padding:.2em .8em;text-align:left;vertical-align:top}td:not(:last-child){white-space:nowrap}"
)


def write(result: dict[str, Any], daily: list[dict[str, Any]], path: Path) -> None:
    """Write the report of a result (as in result.json) and its days (`Record.daily`)."""
    plots = [_months(result), _days(result, daily)]
    parts = [plot.to_html(full_html=False, include_plotlyjs=number == 0) for number, plot in enumerate(plots)]
    title = "trimtab: flights out of New York, 2013"
    head = f"<!doctype html><meta charset=utf-8><title>{title}</title><style>{STYLE}</style><h1>{title}</h1>"
    path.write_text("\n".join([head, _summary(result), *parts, _decisions(result)]))


def _summary(result: dict[str, Any]) -> str:
    means = ", ".join(f"{model} {result['meanAuc'][model]:.4f}" for model in MODELS)
    counts = f"{result['retrainings']} retrainings, {result['promotions']} promotions, {result['rejections']} refused"
    requests = f"{result['requests']['sent']} requests, {result['requests']['failed']} failed"
    return f"<p>Mean of the monthly AUCs: {means}. {counts}; {requests}.</p>"


def _months(result: dict[str, Any]) -> go.Figure:
    figure = go.Figure(layout={"title": "AUC by month", "yaxis_title": "AUC"})
    for model in MODELS:
        figure.add_scatter(x=result["months"], y=result["auc"][model], name=model, line_color=COLOURS[model])
    return figure


def _days(result: dict[str, Any], daily: list[dict[str, Any]]) -> go.Figure:
    """Promised and seen share of late flights by day, with the version that answered and what was decided."""
    figure = make_subplots(rows=2, shared_xaxes=True, row_heights=[0.8, 0.2], vertical_spacing=0.04)
    days = [row["day"] for row in daily]
    for column, colour in (("late", "#999999"), ("promised", "#d62728")):
        figure.add_scatter(x=days, y=[row[column] for row in daily], name=column, line_color=colour, row=1, col=1)
    alarms = ["DataDrift", "ConceptDrift"]
    versions = {"x": days, "y": [row["version"] for row in daily], "mode": "markers", "showlegend": False}
    colours = ["#ff7f0e" if row["verdict"] in alarms else "#2ca02c" for row in daily]
    figure.add_scatter(**versions, marker_color=colours, text=[row["verdict"] for row in daily], row=2, col=1)
    for decision in result["decisions"]:
        if decision["action"] in MARKS:
            figure.add_vline(x=decision["day"], line_color=MARKS[decision["action"]], line_dash="dot")
    title = "Late flights by day: promised and seen; below, who answered (orange: the monitor sees drift)"
    return figure.update_layout(title=title, height=600)


def _decisions(result: dict[str, Any]) -> str:
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{html.escape(str(decision[key] or ''))}</td>"
            for key in ("day", "action", "version", "run", "message")
        )
        for decision in result["decisions"]
    )
    return f"<h2>Decisions</h2><table><tr><th>day<th>decision<th>version<th>run<th>why</tr>{rows}</table>"


def main(folder: Path) -> None:
    """Write the report again from what a run left behind."""
    result, daily = (json.loads((folder / f"{name}.json").read_text()) for name in ("result", "daily"))
    write(result, daily, folder / "report.html")
