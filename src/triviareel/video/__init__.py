"""From questions and clips to an inspected MP4."""
