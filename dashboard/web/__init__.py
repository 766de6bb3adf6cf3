"""What every request meets: bodies, checks, errors as answers."""
