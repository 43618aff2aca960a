"""Who answers this resident, by when, with what? Threads, length, preview."""
