"""A Cloud Storage of our own on loopback: real HTTP, every precondition kept, faults on demand, a journal."""

from tests.fakes.gcs.journal import Call, Commit
from tests.fakes.gcs.remote import Remote
from tests.fakes.gcs.server import GcsServer

__all__ = ["Call", "Commit", "GcsServer", "Remote"]
