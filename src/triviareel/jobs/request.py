"""What is asked for: one frozen value, and everything about it that can be judged without opening anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from triviareel.errors import InputError
from triviareel.questions.csvfile import MAX_QUESTIONS
from triviareel.video import encoder
from triviareel.video.canvas import FRAME_RATES, RESOLUTIONS, Canvas, Format

DIFFICULTIES = ("easy", "medium", "hard", "mixed")
SOURCES = ("bank", "gemini")
ENCODERS = ("auto", *encoder.NAMES)

BANK_LANGUAGE = "English"

MAX_WORDS = 80
"""Characters of a language's name, and of what an audience is called."""

MAX_VIDEOS = 99_999
"""In one batch: their numbers have five digits."""

MAX_SEED = 2**63 - 1
"""Seeds are kept in JSON, whose readers agree on whole numbers of 64 bits."""

_ADDED = ("language", "audience")
"""What the first manifests did not have."""

_SPOKEN = re.compile(r"english|^en([-_]|$)", re.IGNORECASE)
"""Names of what the voices speak: "English", "simple English", "en-GB"."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class Look:
    """How a video looks and sounds: what `render` needs besides the questions."""

    format: str = "landscape"
    resolution: int = 1080
    """Pixels of the shorter side."""
    fps: int = 30
    voice: str = "heart"
    """A voice's name, or "none". This one's model is in its package; of the engine's five, its published scores (UTMOS
    4.43, word error 2.7 %) are within 0.02 of the best."""
    theme: str = "limelight"
    """A theme's name, or the path of its folder."""
    encoder: str = "auto"

    def canvas(self) -> Canvas:
        """The frame it is laid out on."""
        return Canvas(Format(self.format), self.resolution, self.fps)


@dataclass(frozen=True, slots=True)
class Request:
    """A number of videos of one kind for one channel."""

    channel: str = "demo"
    topics: tuple[str, ...] = ()
    """Slugs of the bank's topics, or with Gemini names of any; none means all of the bank's."""
    difficulty: str = "mixed"
    questions: int = 5
    """In each video."""
    videos: int = 1
    source: str = "bank"
    look: Look = Look()
    seed: int | None = None
    """What everything random follows from; each video's own seed is made from it. None: to be chosen when planned."""
    language: str = BANK_LANGUAGE
    audience: str = ""
    """Who watches, such as "children of 8 to 12"; empty for anybody."""

    def as_json(self) -> dict[str, Any]:
        """Flat, in the words of the command line."""
        flat = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "look"}
        return {**flat, "topics": list(self.topics), **asdict(self.look)}


@dataclass(frozen=True, slots=True)
class JobInfo:
    """One video to be made of questions that are there already."""

    gcs_csv_path: str
    """URI of the questions.csv: gs://…, or a path."""
    output_path: str
    """URI of the video; ends in .mp4."""
    look: Look = Look()
    channel: str = "demo"
    """Whose asset pack is taken."""
    assets: str | None = None
    """URI under which channels have their asset packs; None for the generated one."""
    seed: int = 0
    """Same questions, look, assets and seed: same video."""


def from_json(data: Mapping[str, Any]) -> Request:
    """The request that `as_json` described.

    Raises:
        InputError: something is missing, of the wrong kind or not allowed.
    """
    look_names = [field.name for field in fields(Look)]
    own_names = [field.name for field in fields(Request) if field.name not in ("look", "topics", *_ADDED)]
    added = {name: data[name] for name in _ADDED if name in data}
    try:
        look = Look(**{name: data[name] for name in look_names})
        if not isinstance(data["topics"], list) or not all(isinstance(topic, str) for topic in data["topics"]):
            raise TypeError(f"topics {data['topics']!r}")
        request = Request(topics=tuple(data["topics"]), look=look, **added, **{name: data[name] for name in own_names})
        return checked(request)
    except (KeyError, TypeError) as error:
        raise InputError(f"the request is incomplete or of the wrong kind ({error}): write it anew") from error


def checked(request: Request) -> Request:
    """The request itself, if it can be met.

    Raises:
        InputError: it cannot; the message names everything that is wrong with it.
    """
    if wrong := problems(request):
        raise InputError("; ".join(wrong))
    return request


def problems(request: Request) -> list[str]:
    """Everything wrong with a request, one phrase each that names the option, its value and the mend."""
    found = []
    if not is_name(request.channel):
        found.append(bad_name("channel", request.channel))
    found += _among("difficulty", request.difficulty, DIFFICULTIES)
    found += _within("questions", request.questions, 1, MAX_QUESTIONS)
    found += _within("videos", request.videos, 1, MAX_VIDEOS)
    if request.seed is not None:
        found += _within("seed", request.seed, 0, MAX_SEED)
    found += _among("source", request.source, SOURCES)
    found += _words(request)
    return found + look_problems(request.look)


def look_problems(look: Look) -> list[str]:
    """Everything wrong with a look, phrased as in `problems`."""
    return [
        *_among("format", look.format, tuple(Format)),
        *_among("resolution", look.resolution, RESOLUTIONS),
        *_among("fps", look.fps, FRAME_RATES),
        *_among("encoder", look.encoder, ENCODERS),
    ]


def _words(request: Request) -> list[str]:
    """What is wrong with the language, which somebody has to speak, and the audience."""
    found = []
    for what, text in (("language", request.language), ("audience", request.audience)):
        if len(text) > MAX_WORDS or not text.isprintable():
            found.append(f"{what} {text[:MAX_WORDS]!r}: name it on one line of at most {MAX_WORDS} characters")
    if not request.language.strip():
        found.append("language '': name one, such as English")
    elif request.look.voice != "none" and not _SPOKEN.search(request.language):
        found.append(f"language {request.language[:MAX_WORDS]!r}: the voices speak English alone; add --voice none")
    if request.source == "bank":
        if request.language != BANK_LANGUAGE:
            found.append(f"language {request.language!r}: the bank has English alone; add --source gemini")
        if request.audience:
            found.append(f"audience {request.audience!r}: the bank's questions are for anybody; add --source gemini")
    return found


def is_name(text: str) -> bool:
    """Whether a channel or a job may be called so."""
    return _NAME.fullmatch(text) is not None


def bad_name(what: str, text: str) -> str:
    """Why a channel or a job may not be called so."""
    shown = text if len(text) <= 80 else text[:77] + "..."
    return f"{what} {shown!r}: use 1 to 64 of a-z, 0-9 and hyphens, not beginning with a hyphen"


def _among(what: str, value: object, choices: tuple[object, ...]) -> list[str]:
    if value in choices:
        return []
    return [f"{what} {value!r}: choose {'one of ' if len(choices) > 1 else ''}{', '.join(map(str, choices))}"]


def _within(what: str, value: int, least: int, most: int) -> list[str]:
    if isinstance(value, int) and least <= value <= most:
        return []
    return [f"{what} {value!r}: choose {least} to {most:,}"]
