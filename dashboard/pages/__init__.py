"""One file a page: its layout, and thin callbacks."""
