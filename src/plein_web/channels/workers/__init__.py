"""What keeps going in this room. Every round may be killed anywhere and simply runs again.

hearing    look at the sources of our channels, and at the threads around what they bring
checking   ask whether a post still stands as we hold it, and whether our tokens still live
sending    send what is due, and ask after what may have been sent
tidying    throw away what was only kept for a while
"""

from plein_web.channels.workers.checking import check_posts, check_tokens
from plein_web.channels.workers.hearing import follow, poll_sources, streaming
from plein_web.channels.workers.sending import send_due
from plein_web.channels.workers.tidying import tidy

__all__ = ["check_posts", "check_tokens", "follow", "poll_sources", "send_due", "streaming", "tidy"]
