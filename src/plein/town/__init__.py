"""The hall. Who are we? Roles, audit sealing, secrets and the guarded door to the network."""
