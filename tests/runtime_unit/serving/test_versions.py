import asyncio
import hashlib
from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.support.models import draw, make_version
from trimtab.api.modelversion import Tensor
from trimtab.serving.version.errors import VersionError
from trimtab.serving.version.model import Model
from trimtab.serving.version.slot import Slot


def path_of(reference) -> Path:
    return Path(reference.uri.removeprefix("file://"))


@pytest.fixture
def version(tmp_path):
    return make_version(tmp_path, "1.0.0")


def with_artifact(version, **fields):
    return version.model_copy(update={"artifact": version.artifact.model_copy(update=fields)})


def test_a_loaded_version_tells_the_likely_from_the_unlikely(version):
    inputs = {"delay": np.array([[3], [-3]], dtype=np.float32), "carrier": np.array([["AA"], ["??"]], dtype=object)}
    answer = Model.load(version).run(inputs)
    assert answer.outputs["label"].tolist() == [1, 0]
    assert answer.probabilities[0] > 0.9
    assert answer.probabilities[1] < 0.1


def test_a_missing_number_is_answered_or_refused_but_never_kills(version):
    inputs = {"delay": np.array([[np.nan]], dtype=np.float32), "carrier": np.array([[""]], dtype=object)}
    assert Model.load(version).run(inputs).probabilities.shape == (1,)


def test_a_file_that_was_changed_is_not_loaded(version):
    with path_of(version.artifact).open("ab") as file:
        file.write(b"\0")
    with pytest.raises(VersionError, match="the file was changed"):
        Model.load(version)


def test_a_profile_that_was_changed_is_not_trusted(version):
    path_of(version.profile).write_text("{}")
    with pytest.raises(VersionError, match="the file was changed"):
        Model.load(version)


def test_a_file_that_is_not_there_is_named(version):
    path_of(version.artifact).unlink()
    with pytest.raises(VersionError, match=r"cannot read 'file:.*1\.0\.0\.onnx'"):
        Model.load(version)


def test_a_file_that_is_no_onnx_is_not_loaded_whatever_its_name(version):
    profile = version.profile
    with pytest.raises(VersionError, match="is no ONNX model"):
        Model.load(with_artifact(version, uri=profile.uri, digest=profile.digest))


def test_a_file_with_other_tensors_than_registered_is_not_loaded(version):
    signature = version.signature.model_copy(update={"inputs": version.signature.inputs[:1]})
    with pytest.raises(VersionError, match="inputs carrier are not the same in file and signature"):
        Model.load(version.model_copy(update={"signature": signature}))


def test_a_model_of_another_kind_is_not_loaded(version, tmp_path):
    graph = onnx.load(path_of(version.artifact))
    graph.graph.node.append(onnx.helper.make_node("Identity", ["delay"], ["odds"]))
    graph.graph.output.append(onnx.helper.make_tensor_value_info("odds", onnx.TensorProto.FLOAT, [None, 1]))
    content = graph.SerializeToString()
    (tmp_path / "other.onnx").write_bytes(content)
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    other = with_artifact(version, uri=(tmp_path / "other.onnx").as_uri(), digest=digest)
    outputs = [Tensor(name="odds", datatype="FP32", shape=[-1, 1])]
    signature = version.signature.model_copy(update={"outputs": outputs})
    with pytest.raises(VersionError, match="gives no 'probabilities'"):
        Model.load(other.model_copy(update={"signature": signature}))


async def test_a_bad_version_leaves_the_old_one_in_place_and_says_why(versions):
    slot = Slot(Model.load)
    await slot.place(versions["1.0.0"])
    await slot.place(with_artifact(versions["1.1.0"], digest="sha256:" + "0" * 64))
    assert slot.health.version == "1.0.0"
    assert "the file was changed" in slot.health.error
    assert slot.current.run(inputs_of(2)).probabilities.shape == (2,)
    await slot.place(None)


async def test_a_version_whose_file_comes_back_is_loaded_by_itself(version):
    held = path_of(version.artifact).rename(path_of(version.artifact).with_suffix(".away"))
    slot = Slot(Model.load, first_pause=0.01)
    await slot.place(version)
    assert (slot.current, slot.health.version) == (None, None)
    held.rename(path_of(version.artifact))
    async with asyncio.timeout(30):
        while slot.current is None:
            await asyncio.sleep(0.01)
    assert slot.health.model_dump() == {"version": "1.0.0", "error": None}


async def test_a_loader_that_breaks_in_its_own_way_breaks_nothing_else(versions):
    def broken(_ref):
        raise MemoryError("no room")

    slot = Slot(broken)
    await slot.place(versions["1.0.0"])
    assert slot.health.error == "MemoryError: no room"
    await slot.place(None)
    assert slot.health.error is None


async def test_of_two_versions_the_later_one_stands(versions):
    slot = Slot(Model.load)
    first = asyncio.create_task(slot.place(versions["1.0.0"]))
    await asyncio.sleep(0)
    await slot.place(versions["1.1.0"])
    await first
    assert slot.ref == versions["1.1.0"]


def inputs_of(rows):
    return {name: values.reshape(-1, 1) for name, values in draw(rows)[0].items()}
