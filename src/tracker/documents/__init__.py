"""An Urgent Action document → a draft case file: see drafting.py."""
