"""A run's outcome as a page: one HTML file that needs nothing else, no script, no network. Pure but for its style."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from itertools import islice
from urllib.parse import quote

from triviareel.jobs import outcome as outcomes
from triviareel.jobs import words
from triviareel.jobs.manifest import State
from triviareel.jobs.outcome import Outcome, Verdict
from triviareel.jobs.tally import STATES, Tally

_ROWS = 100
"""Rows of a list; the dead-letter list and the manifests have all."""

_TONES = {
    Verdict.DONE: "var(--done)",
    Verdict.PARTLY: "var(--failed)",
    Verdict.UNFINISHED: "var(--open)",
    Verdict.UNPLANNED: "var(--failed)",
}

_LEAST_SHOWN = 18.0
"""Per cent of a shard's bar that even one failure takes."""

_CHART = (1000, 150)
"""Width and height of the chart's drawing, in its own units."""


def html(outcome: Outcome) -> str:
    """The page."""
    parts = [_header(outcome)]
    if outcome.jobs:
        parts += [_tiles(outcome), _states(outcome.tally)]
    parts += [_reasons(outcome), _ends(outcome), _asking(outcome)]
    if outcome.jobs:
        parts += [_finished(outcome), _shards(outcome), _letters(outcome), _videos(outcome)]
    style = files("triviareel.jobs").joinpath("page.css").read_text()
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(outcome.run)}: {escape(words.headline(outcome))}</title>\n<style>\n{style}</style>\n</head>\n"
        f'<body style="--tone: {_TONES[outcome.verdict]}">\n<main>\n{"".join(filter(None, parts))}'
        f"<footer>Read from the manifests at {outcome.time:%Y-%m-%d %H:%M} UTC.</footer>\n</main>\n</body>\n</html>\n"
    )


def _header(outcome: Outcome) -> str:
    run = outcome.planned
    about = f"channel {outcome.channel}, run {outcome.run}"
    when = f"; made {run.created:%Y-%m-%d %H:%M} UTC, jobs {run.job}" if run else ""
    chips = "".join(f"<li>{escape(fact)}</li>" for fact in words.facts(run.request)) if run else ""
    advice, command = words.advice(outcome)
    return (
        f"<header>\n<p>{escape(about + when)}</p>\n<h1>{escape(words.headline(outcome))}</h1>\n"
        f"<p>{escape(words.rest(outcome))}</p>\n"
        + (f'<p class="next">{escape(advice)}</p>\n' if advice else "")
        + (f"<pre>{escape(command)}</pre>\n" if command else "")
        + (f'<ul class="chips">{chips}</ul>\n' if chips else "")
        + "</header>\n"
    )


def _tiles(outcome: Outcome) -> str:
    marks = {"Failed": " bad" if outcome.tally.failed else "", "Not finished": " late" if outcome.tally.open else ""}
    tiles = (
        f'<div class="tile{marks.get(what, "")}"><span>{escape(what)}</span><b>{escape(figure)}</b>'
        f"<span>{escape(remark) or '&nbsp;'}</span></div>"
        for what, figure, remark in words.figures(outcome)
    )
    return f'<div class="tiles">{"".join(tiles)}</div>\n'


def _states(tally: Tally) -> str:
    there = [state for state in reversed(STATES) if tally.states[state]]
    there.sort(key=lambda state: state != State.RENDERED)
    bars = "".join(f'<i class="{state}" style="flex: {tally.states[state]}"></i>' for state in there)
    legend = "".join(
        f'<li><i class="{state}"></i>{tally.states[state]:,} {escape(words.STATE_WORDS.get(state, state))}</li>'
        for state in there
    )
    return _section("How far they are", f'<div class="bar">{bars}</div>\n<ul class="legend">{legend}</ul>')


def _finished(outcome: Outcome) -> str:
    bins = outcomes.finished(outcome.jobs)
    if len(bins) < 2:
        return ""
    (width, height), most = _CHART, max(one.videos for one in bins)
    step = width / len(bins)
    bars = "".join(
        f'<rect x="{number * step + 1:.1f}" y="{20 + height * (1 - one.videos / most):.1f}" rx="2" fill="#3d6fd8" '
        f'width="{max(1.0, step - 2):.1f}" height="{height * one.videos / most:.1f}">'
        f"<title>{one.start:%Y-%m-%d %H:%M} UTC: {one.videos:,}</title></rect>"
        for number, one in enumerate(bins)
    )
    last = bins[-1].start + bins[-1].width
    minutes = int(bins[0].width.total_seconds()) // 60
    drawing = (
        f'<svg viewBox="0 0 {width} {height + 42}" role="img" aria-label="Videos finished over time">'
        f'<line x1="0" y1="20" x2="{width}" y2="20"/><text x="0" y="14">{most:,} in {_minutes(minutes)}</text>{bars}'
        f'<line x1="0" y1="{height + 20}" x2="{width}" y2="{height + 20}"/>'
        f'<text class="below" x="0" y="{height + 27}">{bins[0].start:%Y-%m-%d %H:%M} UTC</text>'
        f'<text class="below" x="{width}" y="{height + 27}" text-anchor="end">{last:%Y-%m-%d %H:%M}</text></svg>'
    )
    return _section("When they were finished", drawing)


def _minutes(minutes: int) -> str:
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"


def _asking(outcome: Outcome) -> str:
    rows = words.asking(outcome)
    return _section("What asking Gemini took", _table(("", ""), rows)) if rows else ""


def _reasons(outcome: Outcome) -> str:
    rows = [(f"{why.jobs:,}", why.stage, why.error, why.example, why.message) for why in outcome.tally.reasons()]
    return _section("Why videos failed", _table(("videos", "stage", "error", "such as", ""), rows)) if rows else ""


def _ends(outcome: Outcome) -> str:
    rows = [(one.shards, one.step, one.error, one.time, one.message) for one in words.ended(outcome)]
    if not rows:
        return ""
    body = _table(("shard", "step", "error", "time (UTC)", ""), rows[:_ROWS])
    return _section("Steps that ended before they were done", body + _more(len(rows), "the run's folder has them all"))


def _shards(outcome: Outcome) -> str:
    shards = outcome.shards()
    if len(shards) < 2:
        return ""
    squares = "".join(_square(key, tally) for key, tally in shards.items())
    legend = "".join(
        f'<li><i style="background: var(--{tone})"></i>{text}</li>'
        for tone, text in (("done", "done"), ("open", "not finished"), ("failed", "failed"))
    )
    body = f'<div class="shards">{squares}</div>\n<ul class="legend">{legend}</ul>'
    return _section(f"The {len(shards):,} shards", body)


def _square(key: str, tally: Tally) -> str:
    """A shard as a small bar, filled from below: failed, then not finished, then done."""
    told = f"{key}: {tally.done} of {tally.jobs} done, {tally.failed} failed"
    bad, late = _visible(tally.failed / tally.jobs), _visible(tally.open / tally.jobs)
    return f'<i title="{escape(told)}" style="--bad: {bad:.0f}%; --late: {min(100.0, bad + late):.0f}%"></i>'


def _visible(part: float) -> float:
    """A part in per cent, made large enough to be seen."""
    return max(_LEAST_SHOWN, 100 * part) if part else 0.0


def _letters(outcome: Outcome) -> str:
    letters = outcome.dead_letters()
    if not letters:
        return ""
    rows = [
        (
            letter["job"],
            words.STATE_WORDS.get(letter["state"], letter["state"]),
            letter["stage"],
            letter["error"],
            letter["message"],
        )
        for letter in letters[:_ROWS]
    ]
    body = _table(
        ("job", "state", "stage", "error", ""), rows, links=[letter["manifest"] for letter in letters[:_ROWS]]
    )
    return _details(
        f"Without a video: {len(letters):,}", body + _more(len(letters), "dead_letters.jsonl has all of them")
    )


def _videos(outcome: Outcome) -> str:
    done = (job.record for job in outcome.jobs if job.record.state == State.RENDERED)
    shown = list(islice(done, _ROWS))
    if not shown:
        return ""
    rows = [
        (record.job, f"{record.seconds:,.0f} s", record.encoder, f"{record.cost_usd:.4f}", record.video)
        for record in shown
    ]
    body = _table(("job", "machine time", "encoder", "USD", "video"), rows, links=[record.video for record in shown])
    return _details(f"Videos: {outcome.tally.done:,}", body + _more(outcome.tally.done, "they lie beside these"))


def _more(count: int, where: str) -> str:
    return f"<p>{count - _ROWS:,} more; {escape(where)}.</p>" if count > _ROWS else ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], links: Sequence[str] = ()) -> str:
    """A table; the first cell of each row leads to that row's link, the last one has room for a sentence."""
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    head = f"<thead><tr>{head}</tr></thead>" if any(heads) else ""
    body = []
    for number, row in enumerate(rows):
        first, *middle, last = row
        shown = _linked(first, links[number]) if links else escape(first)
        cells = "".join(f"<td>{escape(text)}</td>" for text in middle)
        body.append(f'<tr><td>{shown}</td>{cells}<td class="why">{escape(last)}</td></tr>')
    return f'<div class="wide"><table>{head}<tbody>{"".join(body)}</tbody></table></div>'


def _linked(text: str, uri: str) -> str:
    """A text that leads to an object in a bucket; to a folder of another machine nothing can lead."""
    if not uri.startswith("gs://"):
        return f"<code>{escape(text)}</code>"
    address = f"https://storage.cloud.google.com/{quote(uri.removeprefix('gs://'))}"
    # A new tab: the console shows the page in a frame, in which the bucket's own pages refuse to be shown.
    return f'<a target="_blank" rel="noopener" href="{escape(address)}"><code>{escape(text)}</code></a>'


def _section(title: str, body: str) -> str:
    return f"<section>\n<h2>{escape(title)}</h2>\n{body}\n</section>\n"


def _details(title: str, body: str) -> str:
    return f"<section><details>\n<summary>{escape(title)}</summary>\n{body}\n</details></section>\n"
