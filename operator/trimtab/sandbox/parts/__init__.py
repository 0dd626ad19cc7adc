"""The parts of the sandbox, one file each; every function takes the site and returns data."""
