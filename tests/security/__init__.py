"""What is promised about safety, each promise by its number and its figure."""
