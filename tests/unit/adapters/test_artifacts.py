"""Files of versions are verified where they can be read, and none of them holds the operator up."""

import hashlib

import pytest

from trimtab.adapters.artifacts import StoredArtifacts
from trimtab.errors import Refuse, Retry


@pytest.fixture
def file(tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"model")
    return (tmp_path / "model.onnx").as_uri()


async def test_a_file_is_known_by_what_is_in_it(file):
    assert await StoredArtifacts().digest(file) == f"sha256:{hashlib.sha256(b'model').hexdigest()}"


@pytest.mark.parametrize("uri", ["file:///no/such/file", "file:///dev/zero", "file:///tmp"])
async def test_what_is_no_file_is_not_there(uri):
    assert await StoredArtifacts().digest(uri) is None


async def test_a_file_that_is_not_read_in_time_is_tried_again(file):
    with pytest.raises(Retry, match="not read within 0 s") as late:
        await StoredArtifacts(longest=0.0).digest(file)
    assert late.value.reason == "ArtifactMissing"


async def test_where_pods_train_or_serve_a_file_of_a_machine_is_refused_with_what_to_do(file):
    with pytest.raises(Refuse, match="no pod can read a file of a machine: put it into an object store"):
        await StoredArtifacts(local=False).digest(file)


async def test_an_address_of_another_kind_is_refused_by_name():
    with pytest.raises(Refuse, match="gs://models/m cannot be verified"):
        await StoredArtifacts().digest("gs://models/m")
