"""Likeness: a dashboard for looking inside the latent space of a face generator."""

__version__ = "0.1.0"
