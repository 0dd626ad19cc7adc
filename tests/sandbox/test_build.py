"""Building the control plane; `go` is a script here that writes small programs, for the real build takes minutes."""

import os

import pytest

from trimtab.sandbox.build import arguments, build
from trimtab.sandbox.errors import BuildFailed, NoControlPlane
from trimtab.sandbox.programs import NAMES, Versions

GO = """#!/bin/sh
if [ "$1" = version ]; then echo "go version go{version} linux/amd64"; exit 0; fi
while [ "$#" -gt 0 ]; do
  if [ "$1" = -o ]; then out=$2; fi
  shift
done
echo some/package >&2
echo another/package >&2
{action}
"""
UV = """#!/bin/sh
for last; do :; done
if [ "$1" = venv ]; then mkdir -p "$last/bin"; cp {go} "$last/bin/go"; fi
"""
BUILDS = 'echo "#!/bin/sh" > "$out"; chmod +x "$out"'
FAILS = 'echo "undefined: x" >&2; exit 1'


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A PATH of the test's own, with what a script needs."""
    folder = tmp_path / "path"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def put(path, name, text):
    (path / name).write_text(text)
    (path / name).chmod(0o755)


@pytest.fixture
def said():
    return []


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "programs"


async def run(folder, said):
    return await build(lambda *word: said.append(word), folder)


async def test_every_program_is_built_with_its_progress_told(path, folder, said):
    put(path, "go", GO.format(version="1.26.1", action=BUILDS))
    assert await run(folder, said) == folder
    assert {file.name for file in folder.iterdir() if os.access(file, os.X_OK)} == set(NAMES)
    assert [word for word in said if word[0] == "etcd"] == [
        ("etcd", 0, False),
        ("etcd", 1, False),
        ("etcd", 2, False),
        ("etcd", 2, True),
    ]


async def test_a_half_built_cache_is_completed(path, folder, said):
    put(path, "go", GO.format(version="1.26.1", action=BUILDS))
    folder.mkdir()
    put(folder, "etcd", "#!/bin/sh\necho mine\n")
    (folder / ".kubectl.999").touch()
    await run(folder, said)
    assert {name for name, *_ in said} == set(NAMES) - {"etcd"}
    assert "mine" in (folder / "etcd").read_text()


@pytest.mark.usefixtures("path")
async def test_a_whole_cache_needs_no_go(folder, said):
    folder.mkdir()
    for name in NAMES:
        put(folder, name, "#!/bin/sh\n")
    assert await run(folder, said) == folder
    assert said == []


async def test_a_build_that_fails_quotes_the_compiler_and_leaves_no_program(path, folder, said):
    put(path, "go", GO.format(version="1.26.1", action=FAILS))
    with pytest.raises(BuildFailed, match="undefined: x"):
        await run(folder, said)
    assert [file.name for file in folder.iterdir()] == [".lock"]


async def test_an_old_go_is_replaced_by_the_one_of_the_package_index(path, folder, said):
    put(path, "go", GO.format(version="1.22.9", action=FAILS))
    put(path, "newer-go", GO.format(version="1.26.6", action=BUILDS))
    put(path, "uv", UV.format(go=path / "newer-go"))
    assert await run(folder, said) == folder
    assert (folder / "kubectl").exists()


async def test_without_go_and_without_an_index_the_three_ways_out_are_named(path, folder, said):
    put(path, "go", GO.format(version="1.22.9", action=FAILS))
    put(path, "uv", "#!/bin/sh\necho no route to any index >&2; exit 2\n")
    with pytest.raises(NoControlPlane) as error:
        await run(folder, said)
    for word in ("--kubeconfig", "KUBEBUILDER_ASSETS", "Go on PATH", "no route to any index"):
        assert word in str(error.value)


def test_kubernetes_programs_know_their_version():
    flags, package = arguments("kube-apiserver", Versions("1.37.2", "3.7.3", (1, 26)))[1:]
    assert "version.gitVersion=v1.37.2" in flags
    assert "version.gitMinor=37" in flags
    assert package == "k8s.io/kubernetes/cmd/kube-apiserver"
