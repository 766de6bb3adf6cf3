"""Benchmarks of speed; each module is a command that writes a page of docs."""
