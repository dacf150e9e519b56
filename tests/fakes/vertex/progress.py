"""How a run goes: every look at it is a step further, so that nobody has to wait for time to pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

ITERATIONS = 2
"""Of every loop; how many there would be is known only to what runs."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A task that runs a container."""

    number: int
    name: str
    parent: int
    always: bool
    """Whether it runs whatever became of the others: the exit handler's."""


@dataclass(frozen=True, slots=True)
class Inner:
    """A task that holds others."""

    number: int
    name: str
    parent: int


@dataclass
class Progress:
    """A run's way through its tasks, one after the other.

    Attributes:
        outcomes: what becomes of tasks, by name: "fail", "cached", or "retry" (once, then well). Others go well.
    """

    spec: Mapping[str, Any]
    outcomes: Mapping[str, str] = field(default_factory=dict)
    looks: int = 0
    cancelled: bool = False
    at: int = 0
    """The task whose turn it is, in the order of the leaves; -1 steps before the first."""
    states: dict[int, str] = field(default_factory=dict)
    times: dict[int, list[str]] = field(default_factory=dict)
    retried: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tree = list(flatten(self.spec))
        self.leaves = [task for task in self.tree if isinstance(task, Leaf)]
        self.states = {leaf.number: "PENDING" for leaf in self.leaves}

    @property
    def state(self) -> str:
        """The run's."""
        if self.cancelled:
            return "PIPELINE_STATE_CANCELLED"
        if not self.looks:
            return "PIPELINE_STATE_PENDING"
        if self.at < len(self.leaves):
            return "PIPELINE_STATE_RUNNING"
        return "PIPELINE_STATE_FAILED" if "FAILED" in self.states.values() else "PIPELINE_STATE_SUCCEEDED"

    def cancel(self) -> None:
        """Stop it, unless it is over."""
        if self.at < len(self.leaves):
            self.cancelled = True
            for at, state in self.states.items():
                self.states[at] = "CANCELLED" if state in ("PENDING", "RUNNING") else state

    def step(self) -> None:
        """Go one step further."""
        self.looks += 1
        if self.cancelled or self.at >= len(self.leaves):
            return
        leaf = self.leaves[self.at]
        outcome = self.outcomes.get(leaf.name, "")
        now = datetime.now(UTC).isoformat()
        if self.states[leaf.number] == "PENDING":
            if "FAILED" in self.states.values() and not leaf.always:
                self._end(leaf, "NOT_TRIGGERED", now)
            else:
                self.states[leaf.number] = "RUNNING"
                self.times[leaf.number] = [now]
        elif outcome == "retry" and not self.retried.get(leaf.number):
            self.retried[leaf.number] = 1
        else:
            self._end(leaf, {"fail": "FAILED", "cached": "SKIPPED"}.get(outcome, "SUCCEEDED"), now)

    def details(self, parent: str) -> list[Json]:
        """All tasks, as the API tells of them."""
        top = {"taskId": "1", "taskName": self.spec["pipelineInfo"]["name"], "state": self._inner_state()}
        return [top, *(self._detail(task, parent) for task in self.tree)]

    def _end(self, leaf: Leaf, state: str, now: str) -> None:
        self.states[leaf.number] = state
        self.times.setdefault(leaf.number, [now]).append(now)
        self.at += 1

    def _inner_state(self) -> str:
        return "RUNNING" if self.state == "PIPELINE_STATE_RUNNING" else self.state.removeprefix("PIPELINE_STATE_")

    def _detail(self, task: Leaf | Inner, parent: str) -> Json:
        told: Json = {"taskId": str(task.number), "parentTaskId": str(task.parent), "taskName": task.name}
        if isinstance(task, Inner):
            return {**told, "state": self._inner_state()}
        times = dict(zip(("startTime", "endTime"), self.times.get(task.number, []), strict=False))
        told |= {"state": self.states[task.number], **times}
        if told["state"] == "FAILED":
            told["error"] = {"code": 9, "message": f"The replica exited with a non-zero status of 3: {task.name}"}
        attempts = 1 + self.retried.get(task.number, 0)
        jobs = [f"{parent}/customJobs/{task.number}{attempt}" for attempt in range(attempts)]
        failed = jobs if told["state"] == "FAILED" else jobs[:-1]
        told["executorDetail"] = {"containerDetail": {"mainJob": jobs[-1], "failedMainJobs": failed}}
        return told


def flatten(spec: Mapping[str, Any]) -> Iterator[Leaf | Inner]:
    """All tasks of a compiled pipeline, in an order in which they could run, loops unrolled."""
    numbers = iter(range(2, 10_000))  # 1 is the run itself

    def walk(dag: Mapping[str, Any], parent: int) -> Iterator[Leaf | Inner]:
        for name, task in ordered(dag["tasks"]):
            component = spec["components"][task["componentRef"]["name"]]
            always = task.get("triggerPolicy", {}).get("strategy") == "ALL_UPSTREAM_TASKS_COMPLETED"
            if "dag" not in component:
                yield Leaf(next(numbers), name, parent, always)
                continue
            loop = "parameterIterator" in task or "artifactIterator" in task
            number = next(numbers)
            yield Inner(number, name, parent)
            for turn in range(ITERATIONS if loop else 1):
                inside = number
                if loop:
                    inside = next(numbers)
                    yield Inner(inside, f"{name}-{turn}", number)
                yield from walk(component["dag"], inside)

    yield from walk(spec["root"]["dag"], 1)


def ordered(tasks: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Tasks, each after those that it depends on."""
    done: dict[str, Any] = {}
    while len(done) < len(tasks):
        ready = [
            (name, task)
            for name, task in tasks.items()
            if name not in done and all(before in done for before in task.get("dependentTasks", []))
        ]
        if not ready:
            raise ValueError("the pipeline's tasks wait for each other")
        done.update(ready)
    return list(done.items())
