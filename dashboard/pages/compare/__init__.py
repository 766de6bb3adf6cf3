"""The Compare page: `page.py`, its panels, and `routes.py`, its addresses."""
