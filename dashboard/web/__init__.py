"""What every request meets: the server, checks, errors as answers, request bodies, scripts and styles."""
