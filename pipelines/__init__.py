"""The pipeline: its wiring, its compiler's checks, and how it is launched on Vertex AI."""
