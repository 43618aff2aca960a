"""The hall: towns, people and their roles, events as rows, audit, secrets."""
