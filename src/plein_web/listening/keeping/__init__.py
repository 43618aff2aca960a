"""What was overheard goes in time; what remains are numbers."""
