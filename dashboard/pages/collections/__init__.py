"""The Collections page: `page.py`, its panels, and `routes.py`, its addresses."""
