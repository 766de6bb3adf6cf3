"""Labelled pictures of invented heads, rendered from an asset folder in MakeHuman's formats.

Where to look:

    command.py      the command line: `python -m training render`
    dataset.py      shards, processes, resuming
    attributes.py   the labels: what each column of labels.csv means
    person.py       one random person: everything that is drawn by chance
    kit.py          the asset folder as arrays
    renderer.py     person -> picture
"""
