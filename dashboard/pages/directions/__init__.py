"""The Directions page: one `*_page.py` per tab, the panels of each, and `routes.py`, its addresses."""
