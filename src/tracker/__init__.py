"""The Urgent Action letter tracker: how many letters went to whom, while that can still help."""
