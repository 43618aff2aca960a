"""What a municipality may listen for: a table, each with the task in law that it serves.

The ground is always the same, the public task (GDPR 6.1e); it needs a task that a law gives. Consent nobody asked
for and a legitimate interest is not for authorities; see docs/decisions/0027-one-legal-ground.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from plein.town.saying import own

DAILY_GOVERNMENT = "Gemeentewet, artikel 160, eerste lid, onder a"


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose with everything filled in: days until the end, days until the review, words to begin with."""

    code: str
    name: str
    why: str
    article: str
    days: int
    review_days: int
    words: tuple[str, ...] = ()


PURPOSES: dict[str, Purpose] = {
    one.code: one
    for one in (
        Purpose(
            "services",
            own("Questions about our services"),
            own("Find questions of residents about counters, letters and permits, and answer them."),
            DAILY_GOVERNMENT, 180, 90,
            ("paspoort*", "rijbewijs*", "gemeentehuis", "stadhuis", "vergunning*"),
        ),
        Purpose(
            "public_space",
            own("Waste and public space"),
            own("Hear where rubbish lies or something is broken, and have it mended sooner."),
            "Wet milieubeheer, artikel 10.21", 180, 90,
            ("zwerfvuil", "afval*", "vuilnis*", "prullenbak*", "straatverlichting"),
        ),
        Purpose(
            "roads",
            own("Roads and parking"),
            own("Hear about roadworks, bad roads and parking, and tell what we do about them."),
            "Wegenwet, artikel 16", 180, 90,
            ("wegwerkzaamheden", "omleiding*", "parkeer*", "parkeren", "fietspad*", "stoeptegel*"),
        ),
        Purpose(
            "event",
            own("An event"),
            own("Answer questions about an event and hear of nuisance, as long as it lasts."),
            DAILY_GOVERNMENT, 30, 30,
            ("kermis", "festival*", "avondvierdaagse", "braderie"),
        ),
        Purpose(
            "building",
            own("A building project"),
            own("Know what residents ask about a project and worry about, and answer in time."),
            "Omgevingswet, artikel 2.1", 180, 90,
            ("nieuwbouw*", "bouwplan*", "bestemmingsplan*", "omgevingsplan*"),
        ),
        Purpose(
            "campaign",
            own("An information campaign"),
            own("See whether our information is understood, and where it has to be clearer."),
            "Wet open overheid, artikel 3.1", 60, 60,
            ("campagne*", "informatieavond*", "nieuwsbrief*"),
        ),
        Purpose(
            "policy",
            own("Taking part in plans"),
            own("Hear what residents think of a plan, beside those who come to a meeting."),
            "Gemeentewet, artikel 150", 90, 90,
            ("inspraak*", "inloopavond*", "participatie*"),
        ),
        Purpose(
            "disruption",
            own("A disruption or calamity"),
            own("Know what people need and ask, and inform them about what happened and what to do."),
            "Wet veiligheidsregio's, artikel 7", 14, 14,
            ("stroomstoring*", "wateroverlast", "rookontwikkeling", "evacuatie*", "storing*"),
        ),
        Purpose("other", own("Something else"), "", "", 90, 90),
    )
}  # fmt: skip
# A class of its own: off unless the mayor gave a mandate (R16).
PUBLIC_ORDER = Purpose(
    "public_order", own("Public order"), "", "Gemeentewet, artikel 172, eerste lid", 7, 7
)  # fmt: skip
ALL_PURPOSES = PURPOSES | {PUBLIC_ORDER.code: PUBLIC_ORDER}


def article_of(code: str, written: str) -> str:
    """Return the article that somebody wrote, or that of the purpose; empty where there is none.

    >>> article_of("roads", ""), article_of("roads", "Wegenverkeerswet 1994, artikel 2")
    ('Wegenwet, artikel 16', 'Wegenverkeerswet 1994, artikel 2')
    """
    purpose = ALL_PURPOSES.get(code)
    return written.strip() or (purpose.article if purpose else "")
