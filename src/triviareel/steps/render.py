"""The fourth step: it renders one shard's videos, several at a time, and none of them can take down the others."""

from __future__ import annotations

import sys

from triviareel.steps.arguments import Parser


def parser() -> Parser:
    """The step's arguments."""
    known = Parser("render", "Render each of a shard's jobs that is not rendered yet.")
    known.take("assets", "URI", "where CHANNEL/video-assets lies; a generated pack is used if not given")
    known.need("written", "PATH", "file to read: what write wrote")
    known.need("shard", "KEY", "which shard's jobs, such as 0003")
    known.take("workers", "N", "videos at a time; as many as the machine carries if not given")
    known.take("failure-budget", "SHARE", "share of the shard's jobs that may fail", "0.05")
    known.take("encoder", "auto|x264|nvenc|av1", "video encoder; the request's if not given")
    known.put("videos", "JSON Lines, a job a line: job, state, video, seconds")
    return known


if __name__ == "__main__":
    parser().read(sys.argv[1:])
