"""What a build says while it goes on, where there is no terminal that is drawn anew."""

import io

from rich.console import Console

from trimtab.sandbox.display import building


def test_a_log_tells_which_program_is_compiled_before_the_minutes_that_it_takes():
    said = io.StringIO()
    with building(Console(file=said)) as report:
        report("etcd", 0, False)
        during = said.getvalue()
        report("etcd", 7, True)
    assert "build etcd: compiling" in during
    assert "built" in said.getvalue().removeprefix(during)
