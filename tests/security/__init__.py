"""What holds the promises about safety; promises.py says which test holds which."""
