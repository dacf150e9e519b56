"""A factory for trivia videos: questions in, narrated videos out."""

__version__ = "0.1.0"
