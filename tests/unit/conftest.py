"""How hypothesis tries random input."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# No test looks at a clock: a busy machine is no fault of what is tested.
settings.register_profile("untimed", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
