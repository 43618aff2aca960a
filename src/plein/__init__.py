"""The ground floor of Plein: words, rules and adapters in plain Python.

Nothing below this package knows Django, a database or a broker. The rooms stand in the
order in which a message travels; a module imports only from rooms to its left:

    town -> channels -> listening -> inbox
"""

__version__ = "0.1.0"
