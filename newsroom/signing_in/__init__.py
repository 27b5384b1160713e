"""Pages of the log-in and of one's own account. What they decide by stands in the ground:
lockout.py, second_factor.py, sessions.py, administration.py."""
