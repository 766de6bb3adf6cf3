"""Parts of the Directions page, one a file: its tabs and frame, and the panels of each tab."""
