"""Exports of compared faces and sheets as files.

export_request.py  what is exported and in which format, validated and limited
image_export.py    faces with their captions on a light background: a picture, or a frame of an animation
animation.py       animations: the frames, and the file
table_export.py    a table of states, coordinates and scores
html_export.py     a self-contained HTML page
rendering.py       pictures and scores of faces, in batches
fonts/             the font of the captions
"""
