"""Where people talk (a ConversationPlace), and what a municipality could contribute there: the judge of such places."""
