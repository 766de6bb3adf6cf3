"""The core: generator, scorer, engines, and the folders that models lie in."""
