"""`plein doctor`: every check with its remedy, and every host we talk to.

    finding    what a check says
    machine    folders, keys, versions, files that have to be there
    rows       database, workers, channels and sources
    network    every host we talk to, through the same door as the engine
    command    which checks, in which order
    showing    the table, the JSON, the exit code
"""
