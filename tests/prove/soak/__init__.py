"""An hour of Jetstream, with everything that Plein runs on one core and in one gigabyte.

talker   a process that says two thousand things a second, and remembers what should be kept
rows     fills a database before the run, and reads it after
test     starts `plein up`, looks on, and compares
"""
