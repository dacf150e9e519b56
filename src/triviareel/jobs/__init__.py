"""From a request to finished videos: what `triviareel make` and the steps of the pipeline do, one function a stage.

    stage     function              from                      to                                             manifest
    plan      planning.plan         a request and a name      a Batch of Jobs, each with its _MANIFEST.json  planned
    generate  generating.generate   Jobs                      dataset.json each: questions, what they took   generated
    write     writing.write         dataset.json              questions.csv, rejected.jsonl                  written
    render    rendering.render_all  questions.csv             the video and its companions                   rendered

All but the first take a `desk.Desk`, hand back a `desk.Outcome` a job, and raise nothing for a single job's sake: its
error is in the outcome and, as `failed`, in its manifest. Each is idempotent: what is done is found and left alone, so
a stage that was killed is simply run again. `batch.make` is all four in a row. Nothing up to `write` needs what speaks
or encodes.

    what is asked, and where it is kept    request, plan, places; manifest, changed by ledger; dataset
    questions                              gemini, verifying; gate and fit judge them
    from questions to a video              film: studio, narration on a tape, sidecars, thumbnail; fingerprint
    one worker at a job, one video seen    claim, premiere
    many jobs at a time                    crew; batch is `make`, single is `render`
    a run in shards                        runs, launch, progress, ends
    what is told of it                     survey reads records, tally adds them up; outcome is told by page and words
    put in order                           reopen is `retry`, leavings is `clean`
    the machine                            doctor, machine
"""
