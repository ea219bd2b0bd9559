"""A file of any kind → the lines of a document."""
