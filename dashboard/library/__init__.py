"""The library: collections of faces, comparisons, sweeps and views, own directions and uploads, under LIKENESS_HOME."""
