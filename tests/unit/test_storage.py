"""Files by address: a path and a `file://` address name the same file; what is of another kind is refused by name."""

import hashlib
import os

import pytest

from trimtab import storage


def test_a_file_is_the_same_by_path_and_by_address(tmp_path):
    place = tmp_path / "a folder" / "part"
    storage.write(str(place), b"rows")
    assert storage.read(place.as_uri()) == b"rows"
    assert storage.exists(place.as_uri())
    assert storage.digest(place.as_uri()) == f"sha256:{hashlib.sha256(b'rows').hexdigest()}"


def test_a_file_goes_there_and_back(tmp_path):
    (tmp_path / "there").write_bytes(b"rows")
    storage.upload(tmp_path / "there", (tmp_path / "lake" / "part").as_uri())
    storage.download((tmp_path / "lake" / "part").as_uri(), tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == b"rows"
    with pytest.raises(FileNotFoundError):
        storage.download((tmp_path / "nothing").as_uri(), tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == b"rows"


def test_the_names_under_a_folder_are_relative_and_sorted(tmp_path):
    for name in ("b/2", "a", "b/1"):
        storage.write(f"{tmp_path}/{name}", b"")
    assert storage.names(tmp_path.as_uri()) == ["a", "b/1", "b/2"]
    assert storage.join(tmp_path.as_uri() + "/", "b/1") == f"{tmp_path.as_uri()}/b/1"


@pytest.mark.parametrize("name", ["at=2013-01-01 00%3A00/part", "part#1", "part?", "höhe"])
def test_a_name_found_under_a_folder_is_read_whatever_is_in_it(tmp_path, name):
    storage.write(f"{tmp_path}/{name}", b"rows")
    for folder in (str(tmp_path), tmp_path.as_uri()):
        assert storage.names(folder) == [name]
        assert storage.read(storage.join(folder, name)) == b"rows"


def test_a_file_is_named_by_its_own_address(tmp_path):
    storage.write(str(tmp_path / "part"), b"rows")
    (name,) = storage.names(str(tmp_path / "part"))
    assert storage.read(storage.join(str(tmp_path / "part"), name)) == b"rows"


def test_what_is_not_there_is_neither_found_nor_read(tmp_path):
    assert not storage.exists(str(tmp_path / "nothing"))
    assert storage.names(str(tmp_path / "nothing")) == []
    with pytest.raises(FileNotFoundError):
        storage.read(str(tmp_path / "nothing"))


def test_an_address_of_another_kind_is_refused_by_name():
    with pytest.raises(OSError, match=r"gs://lake/rows: only file:// and s3:// are read"):
        storage.read("gs://lake/rows")


@pytest.mark.parametrize("read", [storage.read, storage.digest])
def test_a_device_and_a_pipe_are_no_files_to_read(tmp_path, read):
    os.mkfifo(tmp_path / "pipe")
    for place in ("/dev/zero", str(tmp_path / "pipe")):
        with pytest.raises(OSError, match="no regular file"):
            read(place)


def test_reading_a_file_ends_at_the_deadline(tmp_path):
    storage.write(str(tmp_path / "large"), b"rows")
    with pytest.raises(TimeoutError, match="too large or too slow"):
        storage.digest(str(tmp_path / "large"), deadline=0.0)
