"""Reusable components: functions that return Dash components and compute nothing."""
