"""The operator is killed before and after each of its effects; the story must end as if nothing had happened."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.crash.story import NeverReachedError

AT_ONCE = 2
TELLINGS = 5


def told_without_a_kill(story):
    first = story("unharmed")
    return first.tell(None), first.effects


def differences(story, name, point, ending, **how):
    """What is different after a kill at this point; nothing, or a line that says so.

    A few effects depend on how two changes fall together (one status write, or two); such a point may need more
    than one telling.
    """
    for again in range(TELLINGS):
        try:
            after = story(f"{name}-{again}", crash_at=point, **how).tell(ending)
        except NeverReachedError:
            continue
        wrong = {part: (after[part], ending[part]) for part in ending if after[part] != ending[part]}
        return f"{point}: {wrong}" if wrong else ""
    return f"{point}: never reached"


@pytest.mark.timeout(600)
def test_a_kill_at_any_effect_changes_nothing(story):
    ending, effects = told_without_a_kill(story)
    points = [f"{when}:{effect}" for effect in effects for when in ("before", "after")]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(lambda named: differences(story, f"p{named[0]}", named[1], ending), enumerate(points))
        wrong = [line for line in found if line]
    assert not wrong, "\n".join(wrong)


def test_a_planted_duplicate_is_found(story):
    ending, _ = told_without_a_kill(story)
    point = "after:pipelines.start first#1"
    assert "pipeline runs" in differences(story, "planted", point, ending, planted=True, patience=5.0)


def test_the_planted_fault_shows_only_through_a_kill(story):
    ending, _ = told_without_a_kill(story)
    assert not differences(story, "planted", "", ending, planted=True)
