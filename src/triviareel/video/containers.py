"""Containers that may be opened, in ffmpeg as in PyAV: a playlist that calls itself .mp4 could name any address."""

from __future__ import annotations

OUTSIDE = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,wav,w64,aiff,flac,ogg,mp3"
"""What a channel may bring: they hold pictures and sound and nothing else, no playlists, no names of other files.

MPEG-TS is not among them: ffmpeg's movie filter, which loops templates, cannot seek to its start and hangs."""
OWN = "nut,png_pipe"
"""What we write ourselves for the graph: layers and the timer's mask."""
