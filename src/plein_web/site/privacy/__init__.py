"""The rooms together, for whoever guards privacy: what is held of one resident, and the papers about it all."""
