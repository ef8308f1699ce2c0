"""The way through: plans, steps and views, where each is, and how far it has come."""
