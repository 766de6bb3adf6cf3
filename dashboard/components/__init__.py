"""Reusable pieces of layout: functions that return Dash components and compute nothing."""
