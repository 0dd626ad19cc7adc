"""Reports of replicas of another release, as they are read while one takes over from the other."""

from trimtab.contract.serving import MonitorReport


def test_what_another_release_reports_is_passed_over_where_it_is_not_known():
    told = '{"champion": {"version": "1.0.0", "mood": 1}, "coverage": 0.5, "comparison": {"version": "1.1.0", "x": 1}}'
    report = MonitorReport.model_validate_json(told)
    assert (report.champion.version, report.comparison.version) == ("1.0.0", "1.1.0")
