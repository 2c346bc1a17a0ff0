"""badgateway: play the payment providers, misbehave on cue, and judge money against books."""

__version__ = "0.1.0"
