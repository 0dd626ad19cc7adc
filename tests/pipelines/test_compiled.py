"""The committed pipeline is the one the sources say."""

from trimtab_pipelines import COMPILED
from trimtab_pipelines.compile import compile_to


def test_the_committed_pipeline_is_what_the_sources_compile_to(tmp_path):
    compile_to(tmp_path / "train.yaml")
    assert (tmp_path / "train.yaml").read_text() == COMPILED.read_text()
    assert [path.name for path in COMPILED.parent.iterdir()] == ["train.yaml"]
