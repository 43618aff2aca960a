"""What the judge and the rows say in codes, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

KINDS = {
    "thread": lazy("conversation"),
    "hashtag": lazy("hashtag"),
    "feed": lazy("feed with reactions"),
    "community": lazy("public community"),
    "account": lazy("account of an organisation"),
    "forum": lazy("forum"),
}
STEPS = {
    "answer": lazy("Answer the question."),
    "correct": lazy("Say what is true, with the source beside it."),
    "refer": lazy("Tell who can help, and where."),
    "invite": lazy("Invite them to think along."),
    "explain": lazy("Explain how it works and what happens now."),
    "watch": lazy("Read along; say nothing yet."),
    "leave": lazy("Leave it: here the town adds nothing."),
}
STATES = {
    "open": lazy("nobody chose yet"),
    "joined": lazy("joined"),
    "handed": lazy("handed over"),
    "not_ours": lazy("not ours"),
    "left": lazy("left alone"),
}
CHOICES = {
    "join": lazy("Joined: %(name)s"),
    "hand_over": lazy("Handed over: %(name)s"),
    "not_ours": lazy("Not ours: %(name)s"),
    "leave": lazy("Left alone: %(name)s"),
    "ask": lazy("Asked: %(name)s"),
}
# What we never see in a place, whatever was said there.
UNSEEN = {
    "thread": lazy(
        "We see the replies that hold words of our watches. The others we read when you join, and not before."
    ),
    "hashtag": lazy(
        "We see messages under this hashtag that hold words of our watches, on the sources that we follow."
    ),
    "feed": lazy("We see what the feed brings. Reactions below it on the site itself we do not see."),
    "community": lazy("We see what is public in it. What only members read we do not see."),
    "account": lazy("We see what it says in public. Who follows it we do not see, and do not ask."),
    "forum": lazy("We see what is public in it. What only members read we do not see."),
}
