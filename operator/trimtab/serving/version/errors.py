"""The error of loading."""


class VersionError(Exception):
    """A version cannot be loaded: its file is not there, not the one that was registered, or not a model."""
