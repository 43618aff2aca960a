"""Which places there are, what people call them, and whether a post is about one."""
