"""How fast, how small and how good: `make bench` measures it all in one run and writes RESULTS.md."""
