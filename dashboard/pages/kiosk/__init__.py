"""The kiosk: one face and a few sliders, on a screen for everybody."""
