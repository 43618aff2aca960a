"""Who may read an answer: never more people than could read what it answers."""

from __future__ import annotations

from collections.abc import Iterable

from plein.channels.posts import Visibility

# From the widest to the narrowest circle.


def allowed_visibilities(offered: Iterable[Visibility], parent: str) -> tuple[Visibility, ...]:
    """Return what an answer may be, the parent's own visibility first.

    A network that does not offer the parent's level (it knew one when the post came in) leaves
    only that level: the network then has to refuse, we do not widen.

    >>> allowed_visibilities(Visibility, "followers")
    (<Visibility.FOLLOWERS: 'followers'>, <Visibility.DIRECT: 'direct'>)
    """
    least, offered = Visibility(parent), set(offered)
    return tuple(one for one in Visibility if one.width >= least.width and one in offered) or (least,)
