"""The sign-in page of an installation."""
