"""What goes out: charts, tables and packs, and the work that takes long."""
