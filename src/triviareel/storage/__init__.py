"""Where things are kept: whole or not at all."""
