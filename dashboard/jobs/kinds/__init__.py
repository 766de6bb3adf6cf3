"""The kinds of jobs, one kind or family of kinds a module; registered in dashboard/jobs/registry.py."""
