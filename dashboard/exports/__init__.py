"""Exports of compared faces and sheets as files.

order.py     what is exported and as what, checked and bounded
image_export.py  faces with their captions on a light background: a picture, or a frame of an animation
animation.py  animations: what every frame shows, and the file
states.py    a table of states, coordinates and scores
html_export.py  a page of HTML that needs nothing else
painting.py  faces to pixels and scores, some at a time
fonts/       the font of the captions
"""
