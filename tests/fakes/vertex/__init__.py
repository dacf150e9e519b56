"""A Vertex AI of our own on loopback: pipeline jobs and schedules over real HTTP, refusals on demand, a journal."""

from tests.fakes.vertex.server import Call, VertexServer

__all__ = ["Call", "VertexServer"]
