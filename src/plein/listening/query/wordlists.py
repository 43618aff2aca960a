"""Words about which the language has an opinion. Lists as data, written by hand."""

from __future__ import annotations

# Words that stand in so many posts that they say nothing about any subject.
COMMON = frozenset(
    "aan als bij daar dan dat den der des deze die dit door een eens geen had heb hebben heeft hem het hier hij "
    "hoe hun iets kan maar meer men met mij mijn naar niet nog ons ook over reeds rond tot uit van veel voor want "
    "waren was wat werd wezen wie wij wil worden wordt zal zeg zich zijn zonder zou the and for are but not you "
    "all any can her was one our out has him his how its may new now old see two who did get".split()
)
