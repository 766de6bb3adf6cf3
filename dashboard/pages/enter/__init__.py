"""The page where a browser enters with the secret of the installation."""
