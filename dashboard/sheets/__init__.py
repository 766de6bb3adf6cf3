"""Sheets of faces: sweeps, grids and mixes.

plan.py    what a sheet shows, as an address says it
sheet.py   rows of faces with their captions: sweeps, grids and mixes
"""
