"""What a program is started with so that its SDK calls a simulated provider; see `attaching.py`."""
