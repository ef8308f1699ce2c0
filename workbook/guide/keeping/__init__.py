"""What is kept: saving, other people's changes, earlier revisions, signed plans."""
