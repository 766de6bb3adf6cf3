"""Training of the included model: assets, render, train, label, fit, publish. Run ``python -m training``."""
