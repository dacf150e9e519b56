"""`submit` against a Vertex AI on loopback, through the real client."""

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines import submit, vertex
from pipelines.config import read
from pipelines.errors import TryAgain
from tests import compiled
from tests.contract.launching import ACCOUNT, KEY, NETWORK, Cloud, Run, cloud, runner

QUICK = ("--wait", "--poll", "0.01")


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    with cloud(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(vertex, "FIRST_PAUSE_S", 0.01)
    return runner(submit.run, capsys)


def test_a_run_is_started_as_the_config_says(there: Cloud, run: Run) -> None:
    done = run("--param", "videos=40", "--param", "topics=space,history", "--run", "monday")
    (call,) = there.vertex.calls("create")
    assert done.code == 0
    assert "runs/monday?project=quiz-project" in done.err
    assert call.query["pipelineJobId"] == "monday"
    assert (call.body["serviceAccount"], call.body["network"]) == (ACCOUNT, NETWORK)
    assert call.body["encryptionSpec"] == {"kmsKeyName": KEY}
    assert call.body["labels"] == {"team": "quiz"}
    assert call.body["runtimeConfig"] == {
        "gcsOutputDirectory": "gs://quiz-videos/pipeline_root",
        "parameterValues": {
            "channel": "demo", "videos": 40, "topics": "space,history",
            "root": "gs://quiz-videos", "gemini_project": "quiz-project",
        },
    }  # fmt: skip


def test_what_a_dry_run_shows_is_what_is_sent_and_what_the_sdk_itself_would_send(there: Cloud, run: Run) -> None:
    there.change("[labels]", 'failure_policy = "fast"\n[labels]')
    shown = run("--run", "monday", "--dry-run")
    assert shown.code == 0
    assert there.vertex.journal == []
    assert there.bucket.journal == []
    assert run("--run", "monday").code == 0
    (call,) = there.vertex.calls("create")
    assert shown.json["body"] == call.body
    assert shown.json["url"] == f"{there.vertex.url}{call.path}?pipelineJobId=monday"
    assert shown.json["body"] == by_the_sdk(there)


def by_the_sdk(there: Cloud) -> object:
    """What `aiplatform.PipelineJob` makes of the same file and config."""
    from google.auth.credentials import AnonymousCredentials
    from google.cloud import aiplatform  # noqa: TID251 - to compare with

    chosen = read(there.config)
    job = aiplatform.PipelineJob(
        display_name="monday",
        template_path="build/trivia_videos.yaml",
        job_id="monday",
        pipeline_root=chosen.pipeline_root,
        parameter_values={"channel": "demo", "videos": 3, "root": chosen.bucket, "gemini_project": chosen.project},
        encryption_spec_key_name=KEY,
        labels=dict(chosen.labels),
        failure_policy="fast",
        project=chosen.project,
        location=chosen.location,
        credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]  # google-auth has part of its types
    )
    made = job.to_dict()
    made["runtimeConfig"]["failurePolicy"] = 2  # the client sends enumerations as numbers, and shows them as words
    return {**made, "serviceAccount": ACCOUNT, "network": NETWORK}


def test_the_pipeline_arrives_as_it_was_compiled_and_every_task_keeps_its_own_choice_of_caching(
    there: Cloud, run: Run
) -> None:
    assert run().code == 0
    assert there.vertex.calls("create")[0].body["pipelineSpec"] == compiled.spec()


def test_waiting_follows_every_task_to_the_end(there: Cloud, run: Run) -> None:
    there.vertex.here.outcomes = {"render-videos": "retry", "plan-jobs": "cached"}
    done = run(*QUICK, "--json")
    assert done.code == 0
    assert done.json["state"] == "succeeded"
    tasks = {task["task"].rpartition(" › ")[2]: task for task in done.json["tasks"]}
    assert tasks["plan-jobs"]["state"] == "cached"
    assert tasks["render-videos"]["retries"] == 1
    assert tasks["report-run"]["ended"]
    assert "render-videos: running (0:00, 1 retries)" in done.err


def test_a_failed_task_makes_the_exit_code_three_and_is_named(there: Cloud, run: Run) -> None:
    there.vertex.here.outcomes = {"render-videos": "fail"}
    done = run(*QUICK, "--json")
    assert done.code == 3
    assert done.json["state"] == "failed"
    assert "render-videos (The replica exited with a non-zero status of 3" in done.fault
    assert "console.cloud.google.com" in done.fault
    report = next(task for task in done.json["tasks"] if task["task"] == "report-run")
    assert report["state"] == "succeeded"


@pytest.mark.parametrize("fault", ["503", "500", "429", "reset"])
def test_waiting_outlives_passing_faults(there: Cloud, run: Run, fault: str) -> None:
    there.vertex.faults(*[f"get:{fault}"] * 3)
    done = run(*QUICK)
    assert done.code == 0
    assert done.err.count("looking again") == 3


def test_waiting_ends_when_the_permission_is_gone(there: Cloud, run: Run) -> None:
    there.vertex.faults("get:403")
    assert run(*QUICK).code == 2


@pytest.mark.usefixtures("there")
def test_a_cancelled_run_says_try_again(run: Run) -> None:
    assert run("--run", "monday").code == 0
    cancelled = run("--cancel", "monday", "--json")
    assert cancelled.code == 0
    assert (cancelled.json["run"], cancelled.json["state"]) == ("monday", "cancelling")
    done = run("--follow", "monday", "--poll", "0.01")
    assert done.code == 75
    assert "was cancelled" in done.fault
    assert "submit --param job=monday" in done.fault


def test_a_run_that_is_over_is_not_said_to_be_cancelled(there: Cloud, run: Run) -> None:
    there.vertex.here.outcomes = {"render-videos": "fail"}
    assert run("--run", "monday", *QUICK).code == 3
    done = run("--cancel", "monday")
    assert done.code == 2
    assert "run monday: has failed already" in done.fault
    assert there.vertex.calls("cancel") == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("late_s", [0, 0.3], ids=["while it looks", "while it waits"])
def test_ctrl_c_leaves_the_run_going_and_says_how_to_stop_it(
    there: Cloud, run: Run, number: signal.Signals, late_s: float
) -> None:
    before = signal.getsignal(number)

    def interrupt() -> None:
        while not there.vertex.calls("get"):
            threading.Event().wait(0.001)
        threading.Event().wait(late_s)
        signal.pthread_kill(threading.main_thread().ident or 0, number)

    other = threading.Thread(target=interrupt)
    other.start()
    done = run("--run", "monday", "--wait", "--poll", "60")
    other.join()
    assert done.code == 75
    assert "run monday: goes on" in done.fault
    assert "submit --cancel monday" in done.fault
    assert there.vertex.calls("cancel") == []
    assert there.vertex.here.progress["monday"].state == "PIPELINE_STATE_RUNNING"
    assert signal.getsignal(number) is before


def test_ctrl_c_while_it_starts_says_how_to_ask_safely(there: Cloud, run: Run) -> None:
    there.vertex.faults("create:stall")

    def interrupt() -> None:
        while not there.vertex.calls("create"):
            threading.Event().wait(0.001)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    other = threading.Thread(target=interrupt)
    other.start()
    done = run("--run", "monday")
    other.join()
    assert done.code == 75
    assert "the same --run monday starts it once at most" in done.fault


def test_a_lost_answer_starts_no_second_run(there: Cloud, run: Run) -> None:
    there.vertex.faults("create:lost")
    assert run("--run", "monday").code == 0
    assert len(there.vertex.calls("create")) == 2
    assert list(there.vertex.here.jobs) == ["monday"]


def test_a_busy_service_is_asked_again(there: Cloud, run: Run) -> None:
    there.vertex.faults("create:503", "create:reset")
    assert run("--run", "monday").code == 0
    assert list(there.vertex.here.jobs) == ["monday"]


def test_a_service_that_stays_away_is_told_with_how_to_ask_safely(there: Cloud, run: Run) -> None:
    there.vertex.faults(*["create:503"] * 9)
    done = run("--run", "monday")
    assert done.code == 75
    assert "the same --run monday starts it once at most" in done.fault


@pytest.mark.usefixtures("there")
def test_the_name_of_a_run_is_taken_once(run: Run) -> None:
    assert run("--run", "monday").code == 0
    done = run("--run", "monday")
    assert done.code == 2
    assert "there is one already" in done.fault


REFUSALS = [
    ("403", 2, "ask for roles/aiplatform.user"),
    ("403-off", 2, "gcloud services enable aiplatform.googleapis.com --project quiz-project"),
    ("403-quota", 2, "gcloud auth application-default set-quota-project quiz-project"),
    ("403-account", 2, f"service_account {ACCOUNT}: does not exist, or you may not run as it"),
    ("400-account", 2, "roles/iam.serviceAccountUser"),
    ("400-key", 2, "roles/cloudkms.cryptoKeyEncrypterDecrypter"),
    ("403-region", 2, "location europe-west4: there is no Vertex AI"),
    ("404-html", 2, "location europe-west4: there is no Vertex AI"),
    ("429", 75, "iam-admin/quotas?project=quiz-project"),
    ("400", 2, "is refused (Invalid value for field)"),
    ("401", 2, "gcloud auth application-default login"),
]


@pytest.mark.parametrize(("fault", "code", "mend"), REFUSALS)
def test_a_refusal_is_one_line_with_the_mend(there: Cloud, run: Run, fault: str, code: int, mend: str) -> None:
    there.vertex.faults(f"create:{fault}")
    done = run()
    assert done.code == code
    assert mend in done.fault
    assert "http://127.0.0.1" not in done.fault
    assert "<" not in done.fault
    assert there.vertex.here.jobs == {}


def test_a_region_without_vertex_ai_is_told(there: Cloud, run: Run) -> None:
    there.change(f'encryption_key = "{KEY}"', "")
    there.change('"europe-west4"', '"europe-west99"')
    done = run()
    assert done.code == 2
    assert "location europe-west99: there is no Vertex AI" in done.fault


def test_a_service_account_that_is_not_there_is_told(there: Cloud, run: Run) -> None:
    there.vertex.here.accounts = {"other@quiz-project.iam.gserviceaccount.com"}
    done = run()
    assert done.code == 2
    assert f"service_account {ACCOUNT}" in done.fault


def test_a_missing_bucket_is_told_and_not_made(there: Cloud, run: Run) -> None:
    there.change("gs://quiz-videos", "gs://other-videos")
    done = run()
    assert done.code == 2
    assert "gcloud storage buckets create gs://other-videos --project quiz-project" in done.fault
    assert there.vertex.journal == []
    assert {call.operation for call in there.bucket.journal} == {"bucket"}


def test_a_bucket_that_may_not_be_looked_up_is_taken_to_be_there(there: Cloud, run: Run) -> None:
    there.bucket.make_bucket("closed", "forbidden")
    there.change("gs://quiz-videos", "gs://closed")
    done = run()
    assert done.code == 0
    assert "storage.buckets.get" in done.err


def test_looking_the_bucket_up_has_a_deadline(there: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vertex, "CHECK_S", 0.3)
    there.bucket.faults("stall", always=True)
    begun = time.monotonic()
    with pytest.raises(TryAgain, match="looking up gs://quiz-videos: no answer"):
        vertex.Vertex(read(there.config)).bucket()
    assert time.monotonic() - begun < 30  # without one it takes minutes


def test_without_credentials_there_is_one_line_and_the_mend(
    there: Cloud, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(there.folder / "none"))
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    there.change(f'endpoint = "{there.vertex.url}"', "")
    text = (there.folder / "build" / "trivia_videos.yaml").read_text("utf-8")
    (there.folder / "build" / "trivia_videos.yaml").write_text(pinned(text), "utf-8")
    done = run()
    assert done.code == 2
    assert "no Google credentials on this machine; log in with: gcloud auth application-default login" in done.fault


def pinned(text: str) -> str:
    """The pipeline as it is once its images were pushed."""
    for name in ("worker", "render"):
        start = text.index(f"/{name}:") if f"/{name}:" in text else -1
        if start >= 0:
            end = text.index("\n", start)
            text = text.replace(text[start:end], f"/{name}@sha256:{'0' * 64}")
    return text


def test_images_that_were_never_pushed_are_told_before_anything_is_sent(there: Cloud, run: Run) -> None:
    text = (there.folder / "build" / "trivia_videos.yaml").read_text("utf-8")
    if "@sha256:" in text:
        pytest.skip("the images of this checkout were pushed")
    assert "was never pushed" in run("--dry-run").err
    there.change(f'endpoint = "{there.vertex.url}"', "")
    done = run()
    assert done.code == 2
    assert "`make push REGISTRY=…`" in done.fault


def test_without_a_compiled_pipeline_the_mend_is_to_compile(there: Cloud, run: Run) -> None:
    (there.folder / "build" / "trivia_videos.yaml").unlink()
    done = run()
    assert done.code == 2
    assert "python compile.py" in done.fault


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--param", "video=3"), "did you mean videos?"),
        (("--param", "encoder=nvenc"), "choose that by: python compile.py --render t4|l4|cpu"),
        (("--param", "videos=many"), 'videos is "many" and has to be a whole number'),
        (
            ("--param", "format=tall", "--param", "videos=0"),
            'videos is 0, choose 1 to 99,999; parameter format is "tall"',
        ),
        (("--run", "Monday"), "write small letters"),
        (("--config", "none.toml"), "none.toml: not there"),
        (("--follow", "a", "--cancel", "b"), "--follow or --wait: cannot be given"),
        (("--cancel", "a", "--dry-run"), "--dry-run: cannot be given with --follow or --cancel"),
        (("--cancel", "a", "--param", "videos=3", "--wait"), "--param, --follow or --wait: cannot be given"),
        (("--follow", "../a"), 'run "../a": is no name of a run'),
        (("--parm", "a=b"), "did you mean --param?"),
        (("--follow", "nothing"), "run nothing: is not in europe-west4"),
        (("--cancel", "nothing"), "run nothing: is not in europe-west4"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_started(there: Cloud, run: Run, argv: tuple[str, ...], said: str) -> None:
    done = run(*argv)
    assert done.code == 2
    assert said in done.fault
    assert there.vertex.calls("create") == []
