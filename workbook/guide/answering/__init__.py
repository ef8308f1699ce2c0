"""A page and its answers: the widget, its messages, and one person at work on one step of one plan."""
