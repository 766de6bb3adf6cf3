"""Compared faces and sheets as files to keep.

order.py     what is exported and as what, checked and bounded
paper.py     faces with their captions on light paper: a picture, or a frame of an animation
film.py      animations: what every frame shows, and the file
states.py    a table of states, coordinates and scores
leaf.py      a page of HTML that needs nothing else
painting.py  faces to pixels and scores, some at a time
fonts/       the font of the captions
"""
