"""What the law asks of listening, R1 to R18: every rule is a function, and without it a test here fails."""
