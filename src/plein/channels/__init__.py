"""How do we hear and speak on each network, and may this be sent now?

One file a network, four sections in the same order: abilities, translate in, translate out,
client. `contract.py` says what every network has to offer, `registry.py` which ones there are.
"""
