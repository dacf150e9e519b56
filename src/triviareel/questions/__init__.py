"""The question: its model, its checks, its sources and its file."""
