"""Sheets of faces: what they show, how they are laid out, and as what they can be kept.

plan.py    what a sheet shows, as an address says it
sheet.py   rows of faces with their captions: sweeps, grids and mixes
"""
