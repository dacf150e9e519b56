"""Names that the engine would misread, in its phoneme alphabet (misaki's: https://github.com/hexgrad/misaki).

Keys are lower-case words without accents, as they stand in a text. Capital letters are diphthongs: A as in "day", I as
in "my", O as in "go", W as in "now", Y as in "boy"; ˈ comes before the stressed vowel's syllable.
"""

from __future__ import annotations

PHONEMES = {
    "reykjavik": "ɹˈAkjəvˌɪk",
}
