"""The operator as a process: kopf's watches feed the cache and ring the loop; nothing is decided here.

`python -m trimtab.handlers [--namespace NAME]`; the rest comes by environment, see `settings`.
"""
