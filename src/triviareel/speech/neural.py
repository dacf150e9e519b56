"""The embedded neural voice: hibari-tts, 24 kHz English, on one processor thread.

The engine is loaded at the first text, once, and shared by all threads, which take turns; the same text gives the same
bytes from any of them. Measured on one core: 0.4 s of CPU to load, 0.008 s a second of speech; 120 to
150 MB while it is loaded.
"""

from __future__ import annotations

import gc
import json
import re
import threading
import unicodedata
from importlib.metadata import version
from pathlib import Path
from typing import Any

import hibari
import numpy as np
import onnxruntime
from hibari.g2p import G2P
from hibari.g2p.oov import OOV
from hibari.voices import ASSETS, VOICES, voice_path

from triviareel import memory
from triviareel.errors import VoiceError
from triviareel.speech import finish, normalise
from triviareel.speech.clip import Clip, Samples
from triviareel.speech.pronounce import PHONEMES

SEED = 1
"""Of the noise in breathy sounds; fixed, so that a text always gives the same bytes."""
SPEED = 0.85
"""Reads questions at 180 words a minute, as newsreaders do; at 1, as trained, it is a hurried 200."""

_SPELLED = re.compile(r"(?<![\w-])[A-Z](?:-[A-Z])+(?![\w-])")
_LETTER_A = re.compile(r"(?<=[a-z] )A(?![\w'])|(?<![\w'])A(?=[:;,!?]|\.?$)|(?<![\w'])A(?= is\b)")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


def known() -> tuple[str, ...]:
    """Names of all the engine's voices, on this machine or not."""
    return tuple(VOICES)


def installed() -> tuple[str, ...]:
    """Names of the voices whose model is on this machine; the one in the package always is."""
    return tuple(name for name in VOICES if _model(name).is_file())


def _model(name: str) -> Path:
    try:
        return Path(voice_path(name, download_missing=False))
    except FileNotFoundError as missing:  # its text is the place where the file belongs
        return Path(str(missing))


class NeuralVoice:
    """One of the engine's voices.

    Args:
        name: one of hibari's voices.

    Raises:
        VoiceError: the voice's model is not on this machine; nothing is ever downloaded.
    """

    def __init__(self, name: str) -> None:
        if not _model(name).is_file():
            mend = f"put it at {_model(name)} or use --voice {installed()[0]}"
            raise VoiceError(f'voice "{name}": its model is missing; {mend}')
        self.name = name
        self.key = (
            f"hibari-tts {version('hibari-tts')} onnxruntime {version('onnxruntime')} {name} "
            f"model={VOICES[name]['sha256'][:12]} seed={SEED} speed={SPEED} "
            f"normaliser={normalise.VERSION} finish={finish.VERSION}"
        )
        self._lock = threading.Lock()
        self._engine: _Engine | None = None

    def say(self, text: str) -> Clip:
        """The text as sound, 24 kHz.

        Raises:
            VoiceError: other script, nothing to say, silence, or an implausible length.
        """
        script = normalise.foreign_script(text)
        if script:
            raise VoiceError(
                f"{finish.shortened(text)}: voice {self.name} reads English only and cannot say {script} script; "
                "write it in Latin letters or use --voice none"
            )
        said = normalise.speakable(text)
        if not any(c.isalpha() for c in said):
            raise VoiceError(f"{finish.shortened(text)}: there is nothing to say; reword it or use --voice none")
        with self._lock:  # one text at a time: memory does not grow with the threads, and it is 120 × real time
            raw = self._loaded().speak(said)
            memory.trim()  # 30 MB less for one thread and 100 MB for two, at a quarter more CPU
        return finish.finished(text, said, raw, hibari.SAMPLE_RATE)

    def release(self) -> None:
        """Give back the memory of the model and its dictionaries, some 115 MB; the next `say` loads them anew."""
        with self._lock:
            self._engine = None
        gc.collect()
        memory.trim()

    def _loaded(self) -> _Engine:
        """The engine; the caller holds the lock."""
        if self._engine is None:
            self._engine = _Engine(self.name)
        return self._engine


class _Engine(hibari.Hibari):  # type: ignore[misc]  # hibari ships no types
    """hibari with a session that keeps no memory between texts, and our spelling of what it misreads.

    The parent's initialiser is not called: its session holds on to an arena sized by the longest text ever said, 66 MB
    for one of 20 s.
    """

    def __init__(self, voice: str) -> None:
        self.voice = voice
        self.model_path = str(_model(voice))
        self.sess = _session(self.model_path)
        self.vocab: dict[str, int] = json.loads((Path(ASSETS) / "vocab.json").read_text(encoding="utf-8"))
        british = bool(VOICES[voice]["british"])
        unknown = OOV(str(Path(ASSETS) / ("oov_gb.onnx" if british else "oov.onnx")))
        self._reader = G2P(oov=unknown, british=british)
        self._g2p = self._phonemes

    def speak(self, said: str) -> Samples:
        """Raw samples of a normalised text."""
        return np.asarray(self(said, speed=SPEED, seed=SEED), dtype=np.float32)

    def _phonemes(self, sentence: str) -> str:
        """Phonemes of one sentence; the engine's own normaliser is off, ours has been there."""
        text = _SPELLED.sub(self._letters, sentence)
        text = _LETTER_A.sub("[A](/ˈA/)", text)
        return str(self._reader(_outside_links(text, self._respelled), normalize_text=False))

    def _letters(self, match: re.Match[str]) -> str:
        phonemes, _ = self._reader.lexicon.get_NNP(match[0].replace("-", ""))
        return f"[{match[0]}](/{phonemes}/)"

    def _respelled(self, match: re.Match[str]) -> str:
        word = match[0]
        plain = _without_accents(word)
        lexicon = self._reader.lexicon
        stem = plain.removesuffix("'s")
        known = PHONEMES.get(stem.lower()) if word[0].isupper() else None
        if known:
            return f"[{plain}](/{known if stem == plain else lexicon._s(known)}/)"
        if plain == word:
            return word
        return plain if plain in lexicon.golds or plain in lexicon.silvers else word


def _session(path: str) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # with more, the bytes depend on the machine
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False  # saves one allocation as large as all activations together
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _outside_links(text: str, change: Any) -> str:
    """Apply a change to the words outside of "[word](/phonemes/)"."""
    parts = re.split(r"(\[[^\]]*\]\(/[^)]*/\))", text)
    return "".join(part if i % 2 else _WORD.sub(change, part) for i, part in enumerate(parts))


def _without_accents(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.replace("ø", "o").replace("Ø", "O"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
