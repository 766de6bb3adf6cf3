"""Bulk work in slices: the same rows in blocks of 64, by one process or many. See docs/guide/bulk.md."""
