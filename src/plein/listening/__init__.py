"""Which posts concern us, and may we keep them? Matching, masking, pseudonyms."""
