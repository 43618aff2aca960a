"""Taking part where people talk: which places a message belongs to, which of them wait for us, what came of it."""
