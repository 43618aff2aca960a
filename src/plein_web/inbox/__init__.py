"""Conversations with residents, drafts and answers."""
