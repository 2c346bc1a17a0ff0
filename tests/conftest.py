"""What all tests share: Hypothesis measures no time, since machines are busy and benchmarks are for speed."""

from hypothesis import settings

settings.register_profile("badgateway", deadline=None)
settings.load_profile("badgateway")
