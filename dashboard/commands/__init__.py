"""The sub-commands of `python -m dashboard`, a module each, imported on call."""
