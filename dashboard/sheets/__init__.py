"""Sheets of faces: sweeps, grids, mixes and style mixes.

plan.py    the content of a sheet, read from an address
sheet.py   rows of faces with their captions: sweeps, grids, mixes and style mixes
"""
