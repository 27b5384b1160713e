"""What readers ask for about comments, one file a concern."""
