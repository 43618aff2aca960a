"""Where the conversation is: places where people talk, and taking part in them."""
