"""What the containers run: one module a step, each with `parser()` and `main(argv)`; they parse, call, and write."""
