"""The pipeline's steps as Kubeflow Pipelines sees them: one interface a file, and nothing else."""
