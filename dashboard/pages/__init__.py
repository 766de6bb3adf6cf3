"""The pages, a folder each: `page.py` (layout, then thin callbacks), its panels, `routes.py` (its addresses)."""
