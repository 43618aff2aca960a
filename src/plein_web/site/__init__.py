"""The front: composition of the rooms, settings, addresses, command line, demo."""
