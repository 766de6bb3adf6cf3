"""Figures: pure functions from arrays to plotly figures. No ids, no fetching, no caching."""
