"""The operator in the chart and the settings it reads are of one mind."""

from trimtab.handlers import settings


def environment(objects):
    [deployment] = [one for one in objects if one["kind"] == "Deployment"]
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    return {variable["name"]: variable.get("value") for variable in container["env"]}


def test_the_operator_is_told_nothing_it_does_not_read(objects):
    told = set(environment(objects)) - {"HTTPS_PROXY", "TRIMTAB_LOG_LEVEL"}
    assert [name for name in told if name not in settings.__doc__] == []
