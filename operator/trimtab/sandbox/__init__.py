"""The one-machine stack: a real control plane, MLflow, Ray and the operator, with nothing to sign up for.

Words: a *part* is one long-running process, a *step* is something done once between two parts (applying the CRDs),
the *ledger* remembers which process each part is. What there is to run is decided by pure functions (`stack`, `plan`,
`parts/`); `supervisor` starts and stops it, `processes` alone touches the operating system.
"""
