"""Two fictional municipalities full of life, to show Plein with and to measure it on."""
