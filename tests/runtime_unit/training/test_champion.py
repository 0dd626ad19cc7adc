"""The champion is scored on the same rows, or the run says why it cannot be."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from trimtab.contract.run import Champion
from trimtab.data.source import digest_of
from trimtab.errors import Refuse, Retry
from trimtab.training.fit.export import to_onnx
from trimtab.training.judgement.champion import score_champion


@pytest.fixture(scope="module")
def fitted(frame):
    return HistGradientBoostingClassifier(max_iter=10, random_state=0).fit(frame[["delay", "wind"]], frame["late"])


@pytest.fixture
def file(tmp_path, fitted, numbers_only):
    path = tmp_path / "model.onnx"
    path.write_bytes(to_onnx(fitted, numbers_only))
    return path


@pytest.fixture
def champion(file):
    artifact = {"uri": file.as_uri(), "digest": digest_of(file.read_bytes())}
    return Champion.model_validate({"version": "1.2.0", "artifact": artifact})


def test_the_champion_answers_from_the_columns_it_takes(champion, columns, fitted, frame):
    expected = fitted.predict_proba(frame[["delay", "wind"]])[:, 1]
    np.testing.assert_allclose(score_champion(champion, columns, threads=1), expected, atol=1e-5)


def test_a_champion_that_takes_a_column_this_run_leaves_out_is_refused(champion, columns):
    with pytest.raises(Refuse, match=r"champion 1\.2\.0 takes wind, which spec\.data\.features leaves out") as refused:
        score_champion(champion, {"delay": columns["delay"]}, threads=1)
    assert refused.value.reason == "ChampionUnreadable"


def test_a_champion_whose_file_is_gone_is_worth_another_attempt(champion, file, columns):
    file.unlink()
    with pytest.raises(Retry, match="restore the file") as failed:
        score_champion(champion, columns, threads=1)
    assert failed.value.reason == "ChampionUnreadable"


def test_a_champion_whose_file_was_changed_is_not_scored(champion, file, columns):
    file.write_bytes(file.read_bytes() + b"\0")
    with pytest.raises(Retry, match="digest differs"):
        score_champion(champion, columns, threads=1)
