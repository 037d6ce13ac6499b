"""What libsndfile says, in words for a user."""


def reason_of(error: Exception) -> str:
    """Give the reason alone: the whole text repeats the path, or names an object in memory."""
    return str(getattr(error, "error_string", error)).rstrip(".")
