"""The way Go programs are had, with a program of four lines; needs no root."""

import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support import gotools
from tests.support.gotools import table
from trimtab.sandbox.programs import Versions

MAIN = 'package main\n\nimport "os"\n\nfunc main() { os.Stdout.WriteString("sound") }\n'


def in_an_empty_cache(tmp_path, monkeypatch, source_code=MAIN):
    source = tmp_path / "source"
    source.mkdir(exist_ok=True)
    (source / "go.mod").write_text("module trimtab.dev/tiny\n\ngo 1.26\n")
    (source / "main.go").write_text(source_code)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setitem(table.TOOLS, "tiny", gotools.Tool("tiny", "trimtab.dev/tiny", "v1.0.0", source=source))
    return source


def test_two_callers_at_once_build_once(tmp_path, monkeypatch, capfd):
    in_an_empty_cache(tmp_path, monkeypatch)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(gotools.binary, ["tiny", "tiny"])
    assert first == second
    assert subprocess.run([first], capture_output=True, text=True, check=True).stdout == "sound"
    assert capfd.readouterr().err.count("building tiny") == 1


def test_a_caller_with_an_event_loop_of_its_own_can_build(tmp_path, monkeypatch):
    in_an_empty_cache(tmp_path, monkeypatch)

    async def within_a_loop():
        return gotools.binary("tiny")

    assert asyncio.run(within_a_loop()).exists()


def test_what_is_built_is_kept(tmp_path, monkeypatch):
    source = in_an_empty_cache(tmp_path, monkeypatch)
    program = gotools.binary("tiny")
    (source / "main.go").write_text("no Go at all")
    assert gotools.binary("tiny") == program


def test_a_program_that_does_not_compile_is_said_with_the_compilers_words(tmp_path, monkeypatch):
    in_an_empty_cache(tmp_path, monkeypatch, "package main\n\nfunc main() { unheard() }\n")
    with pytest.raises(gotools.BuildFailed, match="undefined: unheard"):
        gotools.binary("tiny")
    assert [file.name for file in (tmp_path / "cache" / "trimtab" / "tools" / "tiny-1.0.0").iterdir()] == [".lock"]


def test_each_program_of_the_table_is_kept_in_a_folder_of_its_own():
    folders = [tool.folder for tool in gotools.TOOLS.values()]
    assert len(folders) == len(set(folders))


def test_the_node_and_the_sandbox_are_of_one_kubernetes_version():
    versions = {Versions.read().kubernetes, Versions.read(table.HERE / "kubernetes").kubernetes}
    assert versions == {table.KUBERNETES[1].removeprefix("v")}


def test_the_command_names_the_place_of_a_kept_program(tmp_path):
    kept = tmp_path / "trimtab" / "tools" / table.TOOLS["helm"].folder / "helm"
    kept.parent.mkdir(parents=True)
    kept.touch()
    said = subprocess.run(
        [sys.executable, "-m", "tests.support.gotools", "helm"],
        env={"XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": ".:operator"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == str(kept)
