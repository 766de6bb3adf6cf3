"""The Compare page in parts: cards, what differs, the sheet."""
