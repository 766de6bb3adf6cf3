"""The pieces of the Collections page: the list of names, and the cards of what is in one."""
