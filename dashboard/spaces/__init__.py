"""Spaces: samples of faces in a space, and their projections. No framework."""
