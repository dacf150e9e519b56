"""What lies beside a video: captions, and the words that a platform shows with it. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from triviareel.questions import bank
from triviareel.questions.gemini import topics
from triviareel.questions.model import LETTERS, Question
from triviareel.video.canvas import Canvas
from triviareel.video.storyboard import Scene, Span, Storyboard

LINE_CHARS = 42
CUE_LINES = 2
"""Broadcast subtitling's customary limits."""

TITLE_CHARS = 100
"""Longest title that YouTube takes."""

DESCRIPTION_CHARS = 5000
"""Longest description that YouTube takes."""

GENERAL = "General knowledge"
"""What many topics together are called, or one whose name has no Latin letters."""

_CHAPTER_CHARS = 80


@dataclass(frozen=True, slots=True)
class Cue:
    """A caption and the frames in which it stands."""

    span: Span
    text: str


def topic_title(slug: str) -> str:
    """A topic as people write it: one of the bank's by its title, any other as far as its slug tells."""
    return bank.TITLES.get(slug) or topics.words(slug).capitalize() or GENERAL


def heading(questions: Sequence[Question]) -> str:
    """What a video of these questions is called: its topic, its two topics, or what trivia are about in general."""
    titles = list(dict.fromkeys(topic_title(question.topic) for question in questions))
    if len(titles) == 1:
        return titles[0]
    return f"{titles[0]} & {titles[1].lower()}" if len(titles) == 2 else GENERAL


def subtitle(count: int) -> str:
    """The line below the heading."""
    return "One question" if count == 1 else f"{count} questions"


def captions(canvas: Canvas, storyboard: Storyboard, questions: Sequence[Question], intro: str, outro: str) -> str:
    """The captions as SubRip (SRT): what is said, as it is written on the cards.

    Args:
        canvas: its frame rate makes times of frames.
        storyboard: when each text is said or read.
        questions: what is asked, one a scene.
        intro: what is said over the title.
        outro: what is said at the end.
    """
    cues = [Cue(storyboard.intro, intro)]
    for scene, question in zip(storyboard.scenes, questions, strict=True):
        cues += _of_scene(scene, question)
    cues.append(Cue(storyboard.outro, outro))
    parts = [part for cue in cues if cue.text for part in _split(cue)]
    return "".join(
        f"{number}\n{_time(canvas, part.span.start)} --> {_time(canvas, part.span.end)}\n{part.text}\n\n"
        for number, part in enumerate(parts, 1)
    )


def metadata(canvas: Canvas, storyboard: Storyboard, questions: Sequence[Question]) -> dict[str, Any]:
    """Title, description, tags and chapters, as platforms ask for them."""
    name = heading(questions)
    starts = [0, *(scene.span.start for scene in storyboard.scenes[1:])]  # platforms want the first chapter at zero
    chapters = [
        {"start_s": float(Fraction(start, canvas.fps)), "title": _cut(f"{number}. {question.question}", _CHAPTER_CHARS)}
        for number, (start, question) in enumerate(zip(starts, questions, strict=True), 1)
    ]
    return {
        "title": _cut(f"{name} trivia: {subtitle(len(questions)).lower()}, five seconds each", TITLE_CHARS),
        "description": _description(name, questions, chapters),
        "tags": list(dict.fromkeys(["trivia", "quiz", *filter(None, (topics.words(q.topic) for q in questions))])),
        "chapters": chapters,
    }


def _description(name: str, questions: Sequence[Question], chapters: Sequence[dict[str, Any]]) -> str:
    asked = "How many do you know?" if len(questions) > 1 else "Do you know it?"
    lines = [f"{subtitle(len(questions))} on {name[:1].lower()}{name[1:]}. {asked}", ""]
    lines += [f"{_clock(chapter['start_s'])} {chapter['title']}" for chapter in chapters]
    sources = dict.fromkeys(question.source.split(": ")[0] for question in questions)  # their books, not the pages
    lines += ["", "Sources: " + "; ".join(source for source in sources if source)]
    while len("\n".join(lines)) >= DESCRIPTION_CHARS:
        lines.pop()
    return "\n".join(lines).rstrip() + "\n"


def _of_scene(scene: Scene, question: Question) -> Iterator[Cue]:
    yield Cue(scene.asked, question.question)
    for letter, option, span in zip(LETTERS, question.options, scene.options, strict=True):
        yield Cue(span, f"{letter}: {option}")
    told = Span(scene.reveal, scene.told.end - scene.reveal)
    yield Cue(told, f"{question.answer}: {question.right_option}. {question.explanation}")


def _split(cue: Cue) -> Iterator[Cue]:
    """A cue as several of at most two lines, each standing as long as its share of the characters."""
    lines = textwrap.wrap(" ".join(cue.text.split()), LINE_CHARS)
    blocks = [lines[at : at + CUE_LINES] for at in range(0, len(lines), CUE_LINES)]
    total = sum(map(len, lines))
    said = 0
    for block in blocks:
        start = cue.span.start + cue.span.length * said // total
        said += sum(map(len, block))
        end = cue.span.start + cue.span.length * said // total
        yield Cue(Span(start, end - start), "\n".join(block))


def _time(canvas: Canvas, frame: int) -> str:
    milliseconds = frame * 1000 // canvas.fps
    seconds, milliseconds = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d},{milliseconds:03d}"


def _clock(seconds: float) -> str:
    whole = int(seconds)
    hours = f"{whole // 3600}:" if whole >= 3600 else ""
    return f"{hours}{whole // 60 % 60:0{2 if hours else 1}d}:{whole % 60:02d}"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
