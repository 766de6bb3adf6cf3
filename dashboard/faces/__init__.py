"""Faces: the grammar that names them, their latents, and their pictures with a cache."""
