"""Opening pictures somebody sent, in a process of its own: `making` asks, `child` opens.

Nothing is imported here: the child starts without Django.
"""
