"""`python -m dashboard`: serve the dashboard."""

from dashboard.cli import main

if __name__ == "__main__":
    main()
