"""Spaces: the sample that an analysis looks at, and its projection. No framework."""
