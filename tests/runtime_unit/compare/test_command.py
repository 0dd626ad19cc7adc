"""`trimtab drift` in its own environment: what it prints, writes and refuses."""

import json
import os
import re
import signal
import sys
import threading

import pytest
from rich.console import Console

from tests.runtime_unit.compare.tables import compared, frame
from trimtab.compare import console as terminal
from trimtab.compare.__main__ import main
from trimtab.compare.image import draw


@pytest.fixture
def files(tmp_path):
    before, after = tmp_path / "before.parquet", tmp_path / "after.csv"
    frame(1).to_parquet(before)
    frame(2, shift=1, missing=0.01).to_csv(after, index=False)
    return str(before), str(after)


def test_it_tells_the_features_in_a_table(files, capsys):
    assert main([*files]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"value +Drifted +99", printed)
    assert "1 of 3 features drifted" in printed


def test_json_goes_to_standard_output_alone(files, capsys):
    assert main([*files, "-o", "json", "--columns", "value, kind"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [feature["feature"] for feature in told["features"]] == ["value", "kind"]
    low, high = told["features"][0]["moved"]["interval"]
    assert low < high < 0


def test_the_report_needs_no_network(files, tmp_path):
    assert main([*files, "--html", str(tmp_path / "report.html")]) == 0
    report = (tmp_path / "report.html").read_text()
    assert not re.search(r"""<(script|link|img)[^>]+(src|href)=["']?(https?:)?//""", report)
    assert "1 of 3 features drifted" in report


def test_names_are_printed_and_drawn_as_they_stand(tmp_path, capsys):
    """Such as look like markup, or like a formula; the image is a PNG."""
    names = {"value": "speed [m/s]", "kind": "[/x] $a_$ $", "day": "[red]"}
    before, after = tmp_path / "before.parquet", tmp_path / "after.parquet"
    frame(1).replace({"kind": {"a": "[b]"}}).rename(columns=names).to_parquet(before)
    frame(2, shift=1).rename(columns=names).assign(**{"[new]": 1}).to_parquet(after)
    assert main([str(before), str(after), "--png", str(tmp_path / "plots.png")]) == 0
    assert (tmp_path / "plots.png").read_bytes().startswith(b"\x89PNG")
    printed = capsys.readouterr().out
    for told in (*names.values(), "= [b]", "left out: '[new]' is not in"):
        assert told in printed
    assert main([str(before), str(after), "--columns", "[/y]"]) == 1
    assert "'[/y]' is not in" in capsys.readouterr().err


def test_a_share_missing_that_fell_to_none_is_told(tmp_path, capsys):
    before, after = tmp_path / "before.parquet", tmp_path / "after.parquet"
    frame(1, missing=0.3).to_parquet(before)
    frame(2).to_parquet(after)
    assert main([str(before), str(after)]) == 0
    assert re.search(r"value +Drifted .* (29|30)\.\d% → 0\.0%", capsys.readouterr().out)


def test_what_would_tell_is_said_when_something_is_unknown(files, tmp_path, capsys):
    few = tmp_path / "few.parquet"
    frame(2, rows=30).to_parquet(few)
    main([files[0], str(few)])
    assert "unknown: more rows, or a wider --tolerance, would tell" in capsys.readouterr().out
    main([*files])
    assert "would tell" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.csv", "{before}"], "no file at nowhere.csv"),
        (["{garbage}", "{before}"], "is no Parquet that can be read"),
        (["{before}", "{after}", "--columns", "price"], "'price' is not in"),
        (["{before}", "{after}", "--block", "hour"], "'hour' is not in"),
        (["{before}", "{texts}"], "not of one type in both files: 'value' (number and category)"),
        (["{before}", "{other}"], "have no feature in common"),
        (["{before}", "{empty}"], "holds no rows"),
        (["{before}", "{json}"], "is JSON; write it as Parquet"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_sentence(arguments, message, files, tmp_path, capsys):
    places = {"before": files[0], "after": files[1]}
    made = {"garbage": "garbage.parquet", "texts": "texts.parquet", "other": "other.parquet", "empty": "empty.csv"}
    made["json"] = "rows.jsonl"
    places |= {name: str(tmp_path / file) for name, file in made.items()}
    (tmp_path / "garbage.parquet").write_text("PAR1 and no more")
    (tmp_path / "empty.csv").write_text("value,kind\n")
    (tmp_path / "rows.jsonl").write_text('{"value": 1, "kind": "a"}\n')
    frame(1).assign(value="text").to_parquet(places["texts"])
    frame(1).add_prefix("x_").to_parquet(places["other"])
    assert main([word.format(**places) for word in arguments]) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (["--tolerance", "2"], "'2' is no number between 0 and 1"),
        (["--tolerance", "abc"], "'abc' is no number between 0 and 1"),
        (["--threads", "0"], "'0' is no whole number from 1 on"),
        (["--top", "-1"], "'-1' is no whole number from 1 on"),
        (["--html", "/no/such/folder/report.html"], "there is no folder /no/such/folder"),
        (["--png", "/usr"], "/usr is a folder; name a file in it"),
        (["-o", "yaml"], "invalid choice"),
    ],
)
def test_a_wrong_option_is_a_wrong_command_line(option, message, files, capsys):
    with pytest.raises(SystemExit) as ended:
        main([*files, *option])
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def test_a_place_that_may_not_be_written_is_refused_before_anything_is_read(monkeypatch, capsys):
    monkeypatch.setattr("os.access", lambda _place, _mode: False)
    with pytest.raises(SystemExit):
        main(["nowhere.csv", "nowhere.csv", "--html", "report.html"])
    assert "report.html may not be written by you" in capsys.readouterr().err


def test_the_answer_is_printed_though_the_report_cannot_be_written(files, capsys):
    assert main([*files, "--html", "/dev/full"]) == 1
    told = capsys.readouterr()
    assert "1 of 3 features drifted" in told.out
    assert told.err.strip() == "/dev/full cannot be written: No space left on device; name another place"


def test_a_terminal_sees_how_many_features_are_done_and_a_log_does_not(files, monkeypatch, capfd):
    terminal_end, program_end = os.openpty()
    monkeypatch.setenv("TERM", "xterm")
    with os.fdopen(program_end, "w", encoding="utf-8") as stderr, monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", stderr)
        assert main([*files]) == 0
        shown = os.read(terminal_end, 100_000).decode()
    os.close(terminal_end)
    assert re.search(r"features.*━.*3/3", shown)
    assert main([*files]) == 0
    assert not capfd.readouterr().err.strip()


def test_a_drift_fails_the_command_where_that_is_asked_for(files):
    assert main([*files, "--fail-on-drift"]) == 3
    assert main([files[0], files[0], "--fail-on-drift"]) == 0


@pytest.fixture
def interruptible():
    """Ctrl-C as in a terminal: a shell lets what it runs in the background ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_ends_it_without_a_word_and_without_a_wait_for_what_is_under_way(files, monkeypatch, capsys):
    over, done = threading.Event(), []

    def interrupted(*_):
        os.kill(os.getpid(), signal.SIGINT)
        done.append(over.wait(30))

    monkeypatch.setattr("trimtab.compare.sweep.decide", interrupted)
    try:
        assert main([*files]) == 130
        assert not done
    finally:
        over.set()
    assert "Traceback" not in capsys.readouterr().err


def test_help_tells_what_the_answer_means(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    printed = capsys.readouterr().out
    for told in (
        "numbers together",
        "Drifted",
        "Stable",
        "Unknown",
        "CERTAINTY",
        "σ",
        "JS",
        "50 rows",
        "Dates",
        "Infinite",
        "NA",
        "130",
    ):
        assert told in printed


def test_a_pipe_gets_each_feature_on_one_line_and_a_terminal_whole_numbers_and_names(tmp_path, capsys):
    names = {"value": "v" * 300, "kind": "k" * 60}
    comparison = compared(
        tmp_path, frame(1).rename(columns=names), frame(2, shift=1, missing=0.2).rename(columns=names)
    )
    terminal.show(comparison, terminal.standard_output(), 20)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + 3 + 2
    assert all(any(line.startswith(name) for line in lines) for name in names.values())
    terminal.show(comparison, Console(width=80, force_terminal=True), 20)
    narrow = capsys.readouterr().out
    assert narrow.count("v") >= 300
    assert re.search(r"0\.0% → \d\d\.\d%", narrow)
    assert "…" not in narrow


@pytest.mark.parametrize("folders", [("mon", "tue"), ("same", "same")])
def test_files_of_one_name_are_told_apart_by_their_folders(folders, tmp_path):
    paths = [tmp_path / folder / "rows.parquet" for folder in folders]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        frame(1).to_parquet(path)
    main([*map(str, paths), "--html", str(tmp_path / "report.html")])
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    title = "tue/rows.parquet against mon/rows.parquet" if folders[0] == "mon" else "rows.parquet against rows.parquet"
    assert f"<title>{title}</title>" in report
    assert all(str(path) in report for path in paths)


def test_a_long_name_is_cut_in_an_image(tmp_path, monkeypatch):
    titles, drawn = (
        [],
        compared(tmp_path, frame(1).rename(columns={"value": "v" * 60}), frame(2).assign(**{"v" * 60: 1})),
    )
    monkeypatch.setattr("matplotlib.axes.Axes.set_title", lambda _axes, title, **_: titles.append(title))
    draw(drawn, tmp_path / "plots.png")
    assert titles[0].startswith(f"{'v' * 23}…: Drifted")


def test_a_column_of_names_is_said_to_have_too_many_of_them_and_not_too_few_rows(tmp_path, capsys):
    files = []
    for part in ("before", "after"):
        table = frame(1).assign(value=[f"n{at % 500}" for at in range(5000)])
        files.append(str(tmp_path / f"{part}.parquet"))
        table.to_parquet(files[-1])
    assert main([*files, "--columns", "value"]) == 0
    told = capsys.readouterr().out
    assert "unknown: many rows of value are of categories too many to be watched one by one" in told
    assert "would tell" not in told
