"""The library: collections of faces and views, user directions and uploads, under LIKENESS_HOME."""
