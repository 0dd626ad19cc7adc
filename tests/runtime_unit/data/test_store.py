"""Nothing half-written is ever found in the store."""

import resource
from contextlib import contextmanager
from pathlib import Path

import pytest

from trimtab.data.store import Store, write_whole
from trimtab.errors import Retry


@contextmanager
def files_of_at_most(size):
    """The kernel refuses to let any file grow further, as on a full disk."""
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, former[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)


def test_without_room_nothing_is_left_behind_and_the_message_says_where_to_free_some(tmp_path):
    with files_of_at_most(100), pytest.raises(Retry, match=r"no room to write in .*free some") as full:
        Store(tmp_path).keep(b"x" * 1000)
    assert full.value.reason == "DiskFull"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_with_room_again_the_same_snapshot_is_kept(tmp_path):
    store = Store(tmp_path)
    with files_of_at_most(100), pytest.raises(Retry):
        store.keep(b"x" * 1000)
    assert Path(store.address(store.keep(b"x" * 1000))).read_bytes() == b"x" * 1000


def test_a_file_that_cannot_be_replaced_keeps_its_old_content(tmp_path):
    write_whole(tmp_path / "state", b"old")
    with files_of_at_most(2), pytest.raises(Retry):
        write_whole(tmp_path / "state", b"newer")
    assert (tmp_path / "state").read_bytes() == b"old"


def test_keeping_the_same_content_twice_is_one_file(tmp_path):
    store = Store(tmp_path)
    assert store.keep(b"rows") == store.keep(b"rows")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
