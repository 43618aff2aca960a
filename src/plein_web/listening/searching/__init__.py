"""Looking back by a network's own search: for a new watch, and while its stream is away.

models     how far a watch has looked back
workers    one page at a time, as an account of the town
"""
