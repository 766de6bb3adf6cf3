"""What one process holds: opened models, downloads, the list of models."""
