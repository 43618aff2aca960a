"""Does somebody look for a person, a party or an action group? Plein refuses to, and says what is possible instead.

`judging.py` is the one place that decides; every way to a watch goes through it.
"""
