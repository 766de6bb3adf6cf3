"""What is computed by jobs, one kind or family of kinds a module; named in dashboard/jobs/registry.py."""
