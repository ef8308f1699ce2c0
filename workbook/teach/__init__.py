"""Teaching sessions: lessons as data, worked out anew from the figures, served on this machine."""
