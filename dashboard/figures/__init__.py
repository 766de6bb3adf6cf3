"""Figures: plain functions from arrays to plotly figures. No ids, no fetching, no caching."""
