"""What a page shows: the frame, the view, its blocks and its questions as HTML."""
