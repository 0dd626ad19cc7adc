"""What can be wrong with two tables, each said so that a person can act on it."""


class CompareError(Exception):
    """The tables cannot be compared; its text is the whole message."""
