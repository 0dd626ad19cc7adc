"""The version that serves now, scored on the same held-out rows as its would-be successor."""

from trimtab import storage
from trimtab.api.reasons import TrainingReason
from trimtab.contract.run import Champion
from trimtab.data.source import digest_of
from trimtab.errors import Refuse, Retry
from trimtab.training.judgement.columns import Columns
from trimtab.training.judgement.scoring import Probabilities, Scorer


def score_champion(champion: Champion, columns: Columns, threads: int) -> Probabilities:
    """Probabilities of the champion, shape (rows,).

    Raises:
        Retry: ChampionUnreadable, when the file is gone or is not the one it was.
        Refuse: ChampionUnreadable, when this run's data lacks a column the champion takes.

    """
    scorer = Scorer(_content(champion), threads)
    missing = [name for name in scorer.inputs if name not in columns]
    if missing:
        message = (
            f"champion {champion.version} takes {', '.join(missing)}, which spec.data.features leaves out: "
            "add the column, or remove the champion gate"
        )
        raise Refuse(TrainingReason.CHAMPION_UNREADABLE, message)
    return scorer.score(columns)


def _content(champion: Champion) -> bytes:
    uri = champion.artifact.uri
    try:
        content = storage.read(uri)
    except OSError as error:
        message = f"champion {champion.version}: {uri} cannot be read ({error.strerror or error}): restore the file"
        raise Retry(TrainingReason.CHAMPION_UNREADABLE, message) from error
    if digest_of(content) != champion.artifact.digest:
        message = f"champion {champion.version}: {uri} is not the file it was (digest differs): restore the file"
        raise Retry(TrainingReason.CHAMPION_UNREADABLE, message)
    return content
