"""The values of the chart `trimtab`: one model, from which its schema, defaults and page are written."""

from trimtab.deploy.values.chart import Values

__all__ = ["Values"]
