"""The server of the pages: how it starts, who may come in, and what it serves besides them."""
