"""Questions that Gemini writes: for all jobs of a run together, each written down as soon as it is there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from triviareel.jobs import film, places, work
from triviareel.jobs.gemini import open_feeder, told
from triviareel.jobs.plan import Job
from triviareel.jobs.work import Asked, Desk, Task
from triviareel.questions.gemini.cost import Usage
from triviareel.questions.gemini.dataset import Dataset, rejects
from triviareel.questions.gemini.options import Options
from triviareel.settings import Settings

if TYPE_CHECKING:
    from triviareel.questions.gemini.feeder import GeminiFeeder


def gather(desk: Desk, jobs: Sequence[Job], chosen: Options, settings: Settings, run: str) -> list[Task]:
    """Each job with questions that Gemini writes now; a job for which that fails has an error instead.

    Raises:
        InputError: nothing can be asked.
        Stopped: the run was told to stop; what was written down until then stays.
    """
    request = desk.request
    feeder = open_feeder(
        chosen,
        settings,
        store=desk.store,
        channel=request.channel,
        name=f"{request.channel}-{run}"[:60],
        unfit=partial(film.unfit, desk.studio),
    )
    desk.watcher.note(f"asking {chosen.model} for the questions of {len(jobs)} video{'s' * (len(jobs) != 1)}")
    tasks, usage = asyncio.run(_ask(desk, jobs, feeder))
    report = {"run": run, "jobs": len(jobs), **usage.as_json()}
    name = f"{places.of_run(request.channel, run)}/gemini.json"
    desk.store.write(name, (json.dumps(report, indent=2) + "\n").encode())
    desk.watcher.note(told(usage.as_json()))
    return [tasks[job.name] for job in jobs]


async def _ask(desk: Desk, jobs: Sequence[Job], feeder: GeminiFeeder) -> tuple[dict[str, Task], Usage]:
    by_name = {job.name: job for job in jobs}
    tasks: dict[str, Task] = {}
    whole = Usage()

    async def done(name: str, data: Dataset) -> None:
        nonlocal whole
        whole += data.usage
        tasks[name] = await asyncio.to_thread(work.keep, desk, task_of(by_name[name], data))

    async with feeder:
        await feeder.each({job.name: replace(desk.request, seed=job.seed) for job in jobs}, done)
    return tasks, whole


def task_of(job: Job, data: Dataset) -> Task:
    """A job and its dataset."""
    return Task(job, data.questions, data.error, Asked(data.story(), rejects(data.rejected)))
