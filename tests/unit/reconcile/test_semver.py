import pytest
from hypothesis import given
from hypothesis import strategies as st

from trimtab.reconcile.semver import Version, contains, highest

NUMBER = st.integers(min_value=0, max_value=30)
VERSIONS = st.builds(Version, NUMBER, NUMBER, NUMBER)


@pytest.mark.parametrize(
    ("range_", "inside", "outside"),
    [
        ("*", ["0.0.1", "9.9.9"], []),
        ("1", ["1.0.0", "1.9.9"], ["0.9.9", "2.0.0"]),
        ("1.2", ["1.2.0", "1.2.9"], ["1.1.9", "1.3.0"]),
        ("1.2.3", ["1.2.3"], ["1.2.2", "1.2.4"]),
        ("^1", ["1.0.0", "1.9.9"], ["0.9.9", "2.0.0"]),
        ("^1.2", ["1.2.0", "1.9.0"], ["1.1.9", "2.0.0"]),
        ("^1.2.3", ["1.2.3", "1.9.0"], ["1.2.2", "2.0.0"]),
        ("^0.2.3", ["0.2.3", "0.2.9"], ["0.2.2", "0.3.0"]),
        ("^0.0.3", ["0.0.3"], ["0.0.2", "0.0.4"]),
        ("^0", ["0.0.0", "0.9.9"], ["1.0.0"]),
        ("^0.0", ["0.0.0", "0.0.9"], ["0.1.0"]),
        ("~1", ["1.0.0", "1.9.9"], ["2.0.0"]),
        ("~1.2", ["1.2.0", "1.2.9"], ["1.3.0"]),
        ("~1.2.3", ["1.2.3", "1.2.9"], ["1.2.2", "1.3.0"]),
    ],
)
def test_ranges_hold_what_they_hold_in_npm(range_, inside, outside):
    assert all(contains(range_, version) for version in inside)
    assert not any(contains(range_, version) for version in outside)


@given(VERSIONS)
def test_a_version_is_read_as_it_is_written(version):
    assert Version.parse(str(version)) == version


@given(VERSIONS, st.sampled_from(["Major", "Minor", "Patch"]))
def test_a_raised_version_is_newer(version, part):
    assert version.raised(part) > version


@given(VERSIONS)
def test_an_exact_version_holds_itself_only(version):
    assert contains(str(version), str(version))
    assert not contains(str(version), str(version.raised("Patch")))


def test_numbers_are_compared_as_numbers():
    assert highest(["1.9.0", "1.10.0", "1.2.0"]) == "1.10.0"
    assert highest([]) is None
