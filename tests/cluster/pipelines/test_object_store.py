"""Files in a real S3 server: what is written is read, what is not there or not ours is told apart."""

import hashlib

import pytest

from tests.support import servers
from trimtab import storage
from trimtab.adapters.artifacts import StoredArtifacts
from trimtab.errors import Retry

ADDRESS = "s3://files/a folder/part.parquet"


@pytest.fixture
def reach(monkeypatch):
    """Reach a store as an environment says."""

    def as_in(env):
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        storage._bucket.cache_clear()  # noqa: SLF001  # a process has one environment, but for this test

    yield as_in
    storage._bucket.cache_clear()  # noqa: SLF001  # the same


@pytest.fixture
def store(world, reach):
    reach(world.store.env)
    world.store.bucket("files")
    return world.store


def test_what_is_written_is_an_object_and_is_read_back(store):
    storage.write(ADDRESS, b"rows")
    assert (store.folder / "files" / "a folder" / "part.parquet").read_bytes() == b"rows"
    assert storage.read(ADDRESS) == b"rows"
    assert storage.exists(ADDRESS)
    assert storage.digest(ADDRESS) == f"sha256:{hashlib.sha256(b'rows').hexdigest()}"


@pytest.mark.usefixtures("store")
def test_a_file_of_any_size_goes_there_and_back_in_pieces(tmp_path):
    content = bytes(range(256)) * 50_000  # more than one part of an upload
    (tmp_path / "there").write_bytes(content)
    storage.upload(tmp_path / "there", "s3://files/large")
    storage.download("s3://files/large", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == content
    with pytest.raises(FileNotFoundError):
        storage.download("s3://files/nothing", tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


@pytest.mark.usefixtures("store")
def test_the_names_under_a_folder_are_relative_and_an_object_is_named_by_its_own_address():
    for name in ("b/2", "a", "b/1"):
        storage.write(f"s3://files/names/{name}", b"")
    storage.write("s3://files/names-of-others/a", b"")
    assert storage.names("s3://files/names") == ["a", "b/1", "b/2"]
    assert storage.names("s3://files/names/a") == [""]


@pytest.mark.usefixtures("store")
async def test_what_is_not_there_is_neither_found_nor_read():
    assert not storage.exists("s3://files/nothing")
    assert storage.names("s3://files/nothing") == []
    with pytest.raises(FileNotFoundError):
        storage.read("s3://files/nothing")
    assert await StoredArtifacts().digest("s3://files/nothing") is None


async def test_a_wrong_key_is_told_from_a_missing_file(store, reach):
    storage.write(ADDRESS, b"rows")
    reach(store.env | {"AWS_SECRET_ACCESS_KEY": "another"})
    with pytest.raises(PermissionError, match="the credentials do not reach it"):
        storage.read(ADDRESS)
    with pytest.raises(Retry, match="the credentials do not reach it"):
        await StoredArtifacts().digest(ADDRESS)


async def test_a_store_that_is_away_is_worth_another_try(store, reach):
    reach(store.env | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{servers.free_port()}"})
    with pytest.raises(Retry, match=ADDRESS) as away:
        await StoredArtifacts().digest(ADDRESS)
    assert away.value.reason == "ArtifactMissing"
