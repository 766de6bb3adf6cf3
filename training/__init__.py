"""How the model that ships is made: assets, render, train, label, fit, publish. Run ``python -m training``."""
