"""One request, its jobs, and what became of each."""
