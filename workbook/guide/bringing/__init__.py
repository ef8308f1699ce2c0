"""What comes in: files, lists and official figures."""
