"""Settings of all tests."""

from hypothesis import settings

# How long an example takes says nothing about behaviour, and other work on the machine should fail no test;
# benchmarks measure time.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
