"""The scorer: an attribute network trained on rendered faces, whose truth is known."""
