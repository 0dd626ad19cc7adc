"""`trimtab drift` in its own environment: what it prints, writes and refuses."""

import json
import re

import pytest

from tests.runtime_unit.compare.tables import frame
from trimtab.compare.__main__ import main


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
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_sentence(arguments, message, files, tmp_path, capsys):
    places = {"before": files[0], "after": files[1]}
    made = {"garbage": "garbage.parquet", "texts": "texts.parquet", "other": "other.parquet", "empty": "empty.csv"}
    places |= {name: str(tmp_path / file) for name, file in made.items()}
    (tmp_path / "garbage.parquet").write_text("PAR1 and no more")
    (tmp_path / "empty.csv").write_text("value,kind\n")
    frame(1).assign(value="text").to_parquet(places["texts"])
    frame(1).add_prefix("x_").to_parquet(places["other"])
    assert main([word.format(**places) for word in arguments]) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("option", [["--tolerance", "2"], ["--html", "/no/such/folder/report.html"], ["-o", "yaml"]])
def test_a_wrong_option_is_a_wrong_command_line(option, files):
    with pytest.raises(SystemExit) as ended:
        main([*files, *option])
    assert ended.value.code == 2
