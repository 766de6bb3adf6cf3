"""The HTTP layer: the server, access checks, errors as answers, request bodies, scripts and styles."""
