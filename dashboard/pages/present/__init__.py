"""The presentation of a collection."""
