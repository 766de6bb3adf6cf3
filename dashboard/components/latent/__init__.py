"""Panels of the Latent space page, one a file."""
