"""The scorer: an attribute network trained on rendered faces with exact labels."""
