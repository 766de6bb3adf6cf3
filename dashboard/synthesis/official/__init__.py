"""NVIDIA's network pickles and TL-GAN's direction pickles, read without running any code in them.

    pickles.py      a pickle's instructions, as far as these files need them, and nothing else
    network.py      a generator: config and variables
    directions.py   names and directions

See docs/official-files.md.
"""
