"""Where everything of a job is kept; the layout is a contract."""

from __future__ import annotations

from dataclasses import dataclass

from triviareel.errors import InputError
from triviareel.jobs.request import bad_name, is_name

FINAL_NAME = "final_video.mp4"


@dataclass(frozen=True, slots=True)
class FilmPlace:
    """Names, within one store, of a video, of what lies beside it, and of what there is only while it is made.

    `rejected` and `reason` are what it becomes if it fails inspection.
    """

    video: str
    thumbnail: str
    captions: str
    metadata: str
    rejected: str
    reason: str
    claim: str
    pending: str


@dataclass(frozen=True, slots=True)
class JobPlace:
    """Names, within ROOT, of everything of one job."""

    folder: str
    asking: str
    """Claim of the worker that asks Gemini for the questions of this job and those after it."""
    dataset: str
    questions: str
    rejected_questions: str
    manifest: str
    film: FilmPlace


def of_job(channel: str, job: str) -> JobPlace:
    """The places of a job.

    Raises:
        InputError: the channel or the job has a name that could lead elsewhere.
    """
    for what, name in (("channel", channel), ("job", job)):
        if not is_name(name):
            raise InputError(bad_name(what, name))
    folder = f"jobs/{channel}/{job}"
    film = _in_folder(
        f"final_videos/{channel}/{job}/",
        rejected=f"{folder}/rejected/{FINAL_NAME}",
        reason=f"{folder}/rejected/reason.txt",
        claim=f"{folder}/_CLAIM.json",
        pending=f"{folder}/pending.json",
    )
    return JobPlace(
        folder=folder,
        asking=f"{folder}/_ASKING.json",
        dataset=f"{folder}/dataset.json",
        questions=f"{folder}/questions.csv",
        rejected_questions=f"{folder}/rejected.jsonl",
        manifest=f"{folder}/_MANIFEST.json",
        film=film,
    )


def of_run(channel: str, run: str) -> str:
    """The folder of what is told of a run as a whole.

    Raises:
        InputError: the channel or the run has a name that could lead elsewhere.
    """
    of_job(channel, run)
    return f"runs/{channel}/{run}"


def of_output(name: str) -> FilmPlace:
    """The places of a video that is to have a name of its own.

    Its companions share its stem, since players then find the captions; beside a `final_video.mp4` they are called as
    in the layout.

    Raises:
        InputError: the name does not end in .mp4.
    """
    stem, dot, ending = name.rpartition(".")
    if not stem or ending.lower() != "mp4":
        such = stem if dot else ending
        raise InputError(f"output {name!r}: give it a name that ends in .mp4, such as {such or 'trivia'}.mp4")
    meanwhile = {
        "rejected": f"{stem}.rejected.mp4",
        "reason": f"{stem}.rejected.txt",
        "claim": f"{stem}.claim.json",
        "pending": f"{stem}.pending.json",
    }
    if name == FINAL_NAME:
        return _in_folder("", **meanwhile)
    return FilmPlace(name, f"{stem}.jpg", f"{stem}.srt", f"{stem}.json", **meanwhile)


def _in_folder(folder: str, rejected: str, reason: str, claim: str, pending: str) -> FilmPlace:
    return FilmPlace(
        video=f"{folder}{FINAL_NAME}",
        thumbnail=f"{folder}thumbnail.jpg",
        captions=f"{folder}captions.srt",
        metadata=f"{folder}metadata.json",
        rejected=rejected,
        reason=reason,
        claim=claim,
        pending=pending,
    )
