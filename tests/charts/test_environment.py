"""The operator in the chart and the settings it reads are of one mind."""

import re

from tests.charts.conftest import VALUES
from trimtab.handlers import settings

NOT_IN_A_CLUSTER = {"TRIMTAB_RUNTIME_PYTHON"}  # the interpreter of the engine `local`
BY_ENV = {"TRIMTAB_REGISTRY", "TRIMTAB_SERVE_HOST", "TRIMTAB_WATCHDOG"}  # rarely other than they are: `env` gives them


def environment(objects):
    [deployment] = [one for one in objects if one["kind"] == "Deployment"]
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    return {variable["name"]: variable.get("value") for variable in container["env"]}


def test_the_operator_is_told_nothing_it_does_not_read(objects):
    told = set(environment(objects)) - {"HTTPS_PROXY", "TRIMTAB_LOG_LEVEL"}
    assert [name for name in told if name not in settings.__doc__] == []


def test_every_setting_that_a_cluster_needs_is_a_value_of_the_chart(helm):
    told = {name for values in VALUES for name in environment(helm.objects("trimtab", values))}
    read = set(re.findall(r"\bTRIMTAB_[A-Z_]+", settings.__doc__))
    assert read - told - NOT_IN_A_CLUSTER - BY_ENV == set()
