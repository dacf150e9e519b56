"""Containers and protocols that may be opened, in ffmpeg as in PyAV.

A playlist that calls itself .mp4 could name any address or file. So each opening admits what it needs and nothing else.
"""

from __future__ import annotations

OUTSIDE = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,wav,w64,aiff,flac,ogg,mp3"
"""What a channel may bring: they hold pictures and sound and nothing else, no playlists, no names of other files.

MPEG-TS is not among them: ffmpeg's movie filter, which loops templates, cannot seek to its start and hangs."""
OWN = "nut,png_pipe"
"""What we write ourselves for the graph: layers and the timer's mask."""

_STREAMED = "http://127.0.0.1:"


def guard(location: str, formats: str) -> dict[str, str]:
    """The options with which a place is opened.

    Args:
        location: an absolute path, or an address of `storage.streams`.
        formats: OUTSIDE or OWN.
    """
    if not location.startswith(_STREAMED):
        return {"format_whitelist": formats, "protocol_whitelist": "file"}
    # Else a proxy that the environment names would be asked for our own address. An empty value would not be taken.
    return {"format_whitelist": formats, "protocol_whitelist": "http,tcp", "http_proxy": "none"}
