"""R7: what is heard is not used again for fraud, enforcement or investigation: no such export, a mark on every other."""

from __future__ import annotations

import pytest

from plein.listening import leaving
from plein_web.site import urls

pytestmark = pytest.mark.requirement


@pytest.mark.parametrize("purpose", ["fraud", "enforcement", "investigation", "social_domain", ""])
def test_no_export_is_made_for_another_purpose(purpose):
    with pytest.raises(leaving.NotAllowed):
        leaving.marked({"posts": []}, purpose, str)


def test_an_export_says_for_what_it_was_made_and_is_marked():
    export = leaving.marked({"posts": []}, "own_data", lambda text: f"mark of {text}")
    assert export["purpose"] == "own_data" and leaving.is_genuine(export, lambda text: f"mark of {text}")
    assert not leaving.is_genuine(export | {"purpose": "archive"}, lambda text: f"mark of {text}")


def test_there_is_no_way_out_to_other_domains():
    """Every address that gives words of residents away as a file is known here."""
    files = {str(found.pattern) for found in _addresses(urls.urlpatterns) if "export" in str(found.pattern)}
    assert files == {"privacy/requests/<int:pk>/export.<str:form>"}


def _addresses(patterns):
    for one in patterns:
        yield from _addresses(one.url_patterns) if hasattr(one, "url_patterns") else [one]
