import hashlib
import subprocess
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from triviareel.errors import VoiceError
from triviareel.speech import finish, script, voices
from triviareel.speech.neural import NeuralVoice
from triviareel.speech.pronounce import PHONEMES

TEXTS = [
    "What is the capital of France?",
    "A: Athens.",
    "The answer is B: 1969. Apollo 11 landed on 20 July 1969 and the crew stayed for 21.5 hours.",
    "Reykjavík, Ouagadougou and Ljubljana",
    "The symbol for gold is Au, for water H₂O",
    "Zyxwvut Gorblax of Qarth",
]


@pytest.fixture(scope="module")
def voice() -> NeuralVoice:
    return NeuralVoice("heart")


def test_the_packaged_voice_and_none_are_always_there() -> None:
    names = voices.names()
    assert names[0] == "heart"
    assert names[-1] == voices.NONE == "none"


def test_none_says_nothing() -> None:
    voice = voices.open_voice("none", None)
    clip = voice.say("Привет")
    voice.release()
    assert clip.duration_s == 0
    assert clip.samples.dtype == np.float32
    assert (voice.name, voice.key) == ("none", "none")


def test_none_loads_nothing_of_the_others() -> None:
    program = (
        "import sys; from triviareel.speech import voices; voices.open_voice('none', None).say('Hello');"
        "print('onnxruntime' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_an_unknown_voice_is_refused_by_name() -> None:
    with pytest.raises(VoiceError, match=r'^there is no voice "siren": choose one of heart, .*none$'):
        voices.open_voice("siren", None)


def test_a_voice_without_its_model_says_where_it_belongs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HIBARI_HOME", str(tmp_path))
    assert "emma" not in voices.names()
    with pytest.raises(VoiceError, match=rf'^voice "emma": its model is missing; put it at {tmp_path}.*--voice heart$'):
        voices.open_voice("emma", None)
    assert list(tmp_path.iterdir()) == []


def test_the_key_names_all_that_a_clip_depends_on(voice: NeuralVoice) -> None:
    for part in ("hibari-tts 0.2.1", "onnxruntime", "heart", "seed=", "speed=", "normaliser=", "finish="):
        assert part in voice.key


def test_threads_get_the_very_samples_that_one_alone_gets(voice: NeuralVoice) -> None:
    alone = [voice.say(text).samples for text in TEXTS]
    shared = NeuralVoice("heart")  # its engine is loaded by whichever thread comes first
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda text: shared.say(text).samples, TEXTS * 3))
    for expected, got in zip(alone * 3, together, strict=True):
        np.testing.assert_array_equal(expected, got)


def test_another_process_gets_the_same_bytes(voice: NeuralVoice) -> None:
    program = (
        "import hashlib, sys; from triviareel.speech.neural import NeuralVoice;"
        "print(hashlib.sha256(NeuralVoice('heart').say(sys.argv[1]).samples.tobytes()).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", program, TEXTS[2]], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == hashlib.sha256(voice.say(TEXTS[2]).samples.tobytes()).hexdigest()


def test_the_voices_runtime_keeps_no_device_id_to_report_by(tmp_path: Path) -> None:
    program = "from triviareel.speech import voices; voices.open_voice('heart', None).say('Paris')"
    subprocess.run([sys.executable, "-c", program], env={"HOME": str(tmp_path)}, check=True)
    assert list(tmp_path.iterdir()) == []


def test_a_released_voice_speaks_again_as_before(voice: NeuralVoice) -> None:
    before = voice.say(TEXTS[0]).samples
    engine = weakref.ref(voice._loaded())
    voice.release()
    assert engine() is None
    np.testing.assert_array_equal(voice.say(TEXTS[0]).samples, before)


@pytest.mark.parametrize("text", TEXTS)
def test_clips_are_whole_and_sound_like_speech(voice: NeuralVoice, text: str) -> None:
    clip = voice.say(text)
    assert clip.rate == 24_000
    assert 0.3 < clip.duration_s < 12
    assert 0.1 < np.abs(clip.samples).max() <= finish.PEAK + 1e-4
    edge = clip.rate // 100
    assert np.sqrt((clip.samples[:edge] ** 2).mean()) < 0.01, "the start is clipped"
    assert np.sqrt((clip.samples[-edge:] ** 2).mean()) < 0.01, "the end is clipped"
    spectrum = np.abs(np.fft.rfft(clip.samples)) ** 2
    bands = np.split(spectrum, [int(edge_hz * len(clip.samples) / clip.rate) for edge_hz in (80, 4000)])
    shares = [float(band.sum() / spectrum.sum()) for band in bands]
    assert shares[0] < 0.05, "rumble"
    assert shares[1] > 0.8, "no voice between 80 Hz and 4 kHz"


def test_questions_and_answers_are_equally_loud(voice: NeuralVoice) -> None:
    levels = []
    for text in TEXTS:
        samples = voice.say(text).samples
        power = (samples[: len(samples) // 240 * 240].reshape(-1, 240) ** 2).mean(axis=1)
        levels.append(10 * np.log10(power[power > power.max() / 10**2.5].mean()))
    assert max(levels) - min(levels) < 1.5


@pytest.mark.parametrize("letter", script.LETTERS)
def test_a_pause_sets_the_letter_apart_from_its_option(voice: NeuralVoice, letter: str) -> None:
    samples = voice.say(f"{letter}: Iceland.").samples
    power = (samples[: len(samples) // 240 * 240].reshape(-1, 240) ** 2).mean(axis=1)
    inside = power[10:50]
    assert 10 * np.log10(inside.min() / power.max()) < -25


def test_letters_are_said_by_their_names(voice: NeuralVoice) -> None:
    engine = voice._loaded()
    assert engine.phonemize("the symbol A-U") == ["ðə sˈɪmbᵊl ˌAjˈu"]
    assert engine.phonemize("blood type A.") == ["blˈʌd tˈIp ˈA."]
    assert engine.phonemize("A: a cat") == ["ˈA: ɐ kˈæt"]


def test_names_are_said_as_their_bearers_would(voice: NeuralVoice) -> None:
    engine = voice._loaded()
    assert engine.phonemize("Mozart's friends met Dvořák.") == ["mˈOtsɑɹts fɹˈɛndz mˈɛt dvˈɔɹʒæk."]
    assert engine.phonemize("Simon, not simony") == ["sˈImən, nˌɑt sˈɪməni"]


@pytest.mark.parametrize(("name", "phonemes"), PHONEMES.items())
def test_every_phoneme_is_one_that_the_voice_knows(voice: NeuralVoice, name: str, phonemes: str) -> None:
    assert name == name.lower()
    assert name.isascii()
    assert set(phonemes) <= set(voice._loaded().vocab)
    assert phonemes.count("ˈ") == 1


def test_accents_help_where_the_dictionary_does_not(voice: NeuralVoice) -> None:
    engine = voice._loaded()
    assert engine.phonemize("Zürich") == engine.phonemize("Zurich")
    assert engine.phonemize("Pelé") != engine.phonemize("Pele")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("What does Москва mean?", "cannot say Cyrillic script"),
        ("東京", "cannot say Chinese script"),
        ("الخماسين", "cannot say Arabic script"),
        ("", "nothing to say"),
        ("?!…", "nothing to say"),
        ("🇫🇷", "nothing to say"),
    ],
)
def test_what_it_cannot_say_is_an_error_that_names_the_mend(voice: NeuralVoice, text: str, reason: str) -> None:
    with pytest.raises(VoiceError, match=rf"{reason}.*use --voice none$"):
        voice.say(text)


def test_a_cached_voice_gives_the_clip_that_was_made(tmp_path: Path, voice: NeuralVoice) -> None:
    first = voices.open_voice("heart", tmp_path).say(TEXTS[1])
    again = voices.open_voice("heart", tmp_path)
    kept = again.say(TEXTS[1])
    np.testing.assert_array_equal(first.samples, kept.samples)
    np.testing.assert_array_equal(first.samples, voice.say(TEXTS[1]).samples)
    assert again.key == voice.key
