"""Voices: text in, sound out, or a named reason why not."""
