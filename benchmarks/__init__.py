"""What measures speed, side by side with others; each module is a command that writes a page of docs."""
