"""The state of a serving process: open models, downloads, the list of models."""
