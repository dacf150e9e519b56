"""A Gemini server of our own on loopback: real HTTP, real JSON, faults on demand, answers from the offline bank."""

from tests.fakes.gemini.server import Call, GeminiServer

__all__ = ["Call", "GeminiServer"]
