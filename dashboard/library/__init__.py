"""What people keep: collections of faces, comparisons, sweeps and views, under LIKENESS_HOME."""
