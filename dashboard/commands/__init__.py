"""The sub-commands of `python -m dashboard`, a module each; a module is imported when its command is called."""
