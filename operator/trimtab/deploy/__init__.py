"""What an installation is made of: the operator's rights, and the generated files of the charts."""
