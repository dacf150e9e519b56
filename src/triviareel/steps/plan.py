"""The first step: of a request it makes jobs, each with its manifest, and shards of them."""

from __future__ import annotations

import sys

from triviareel.steps.arguments import Parser


def parser() -> Parser:
    """The step's arguments."""
    known = Parser("plan", "Plan the jobs of a request: their manifests, and the shards they are done in.")
    known.take("assets", "URI", "where CHANNEL/video-assets lies; it must be there before anything is planned")
    known.take("topics", "A,B,…", "topics, with commas between them; all of the bank's if not given")
    known.take("difficulty", "easy|medium|hard|mixed", "how hard the questions are", "mixed")
    known.take("questions-per-video", "N", "questions in each video", "5")
    known.take("videos", "N", "number of videos", "1")
    known.take("shard-size", "N", "most videos of a shard", "50")
    known.take("source", "bank|gemini", "where the questions come from", "bank")
    known.take("language", "NAME", "language of the questions", "English")
    known.take("audience", "WORDS", "who watches; anybody if not given")
    known.take("format", "landscape|portrait|square", "shape of the picture", "landscape")
    known.take("resolution", "720|1080|1440|2160", "pixels of the shorter side", "1080")
    known.take("fps", "24|25|30|48|50|60", "frames a second", "30")
    known.take("voice", "NAME|none", "who reads aloud", "heart")
    known.take("theme", "NAME", "how the cards look", "limelight")
    known.take("encoder", "auto|x264|nvenc|av1", "video encoder", "auto")
    known.take("seed", "N", "same seed, same videos; follows from the run's name if not given")
    known.take("job", "NAME", "name of the batch; the time of --created if not given")
    known.take("created", "TIME", "when the run was made, ISO 8601; the present time if not given")
    known.put("jobs", "JSON Lines, a job a line: job, shard, seed, uri")
    known.need("shards", "PATH", "file to write: JSON list of the shards' keys, such as 0000")
    return known


if __name__ == "__main__":
    parser().read(sys.argv[1:])
