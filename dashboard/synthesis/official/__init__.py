"""NVIDIA's network pickles and TL-GAN's direction pickles, read without running any code in them.

    pickles.py      the pickle instructions that these files need
    network.py      a generator: config and variables
    directions.py   names and directions

See docs/official-files.md.
"""
