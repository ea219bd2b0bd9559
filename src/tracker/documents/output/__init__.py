"""A draft → what people and programs read."""
