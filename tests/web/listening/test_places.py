"""Loading places: from a register of our own that answers as the documentation says, and from files."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from plein.listening.places.gazetteer import Place
from plein_web.listening.models import PlaceLoad, PlaceName
from plein_web.listening.places import knowledge_of, place_names
from plein_web.listening.placing import keep, mark_shared
from plein_web.site.cli import main
from plein_web.town.models import Event, Town

pytestmark = pytest.mark.django_db(transaction=True)


class Register(ThreadingHTTPServer):
    """The WFS of neighbourhoods and the Locatieserver on one port of this machine, with what they hold."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[dict[str, str]] = []
        self.fails_after: int | None = None
        self.broken = ""
        self.neighbourhoods = [
            {"buurtcode": f"BU0753{n:04}", "buurtnaam": f"Buurt {n:04}", "gemeentecode": "GM0753"} for n in range(1500)
        ] + [{"buurtcode": "BU07729901", "buurtnaam": "Buurt 0000", "gemeentecode": "GM0772"}]
        self.villages = [{"id": "w1", "woonplaatscode": "2250", "woonplaatsnaam": "Best", "gemeentecode": "0753"}]
        self.streets = [
            {
                "id": f"s{n}",
                "openbareruimte_id": f"0753{n:08}",
                "straatnaam": f"Proefstraat {n}",
                "gemeentecode": "0753",
            }
            for n in range(250)
        ]

    def answer(self, query: dict[str, str]) -> dict:
        if query.get("service") == "WFS":
            start, count = int(query["startIndex"]), int(query["count"])
            found = self.neighbourhoods[start : start + count]
            features = [{"type": "Feature", "geometry": None, "properties": one} for one in found]
            return {"type": "FeatureCollection", "numberMatched": len(self.neighbourhoods), "features": features}
        held = self.villages if query["fq"] == "type:woonplaats" else self.streets
        wanted = [one for one in held if f"gemeentecode:{one['gemeentecode']}" in query["fq"] or held is self.villages]
        start, rows = int(query["start"]), int(query["rows"])
        return {"response": {"numFound": len(wanted), "start": start, "docs": wanted[start : start + rows]}}


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server: Register = self.server
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        server.asked.append(query)
        fails = server.fails_after is not None and len(server.asked) > server.fails_after
        body = (server.broken or json.dumps(server.answer(query))).encode()
        self.send_response(503 if fails else 200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@pytest.fixture
def register(settings, monkeypatch) -> Iterator[Register]:
    monkeypatch.setenv("PLEIN_LANGUAGE", "en")
    server = Register()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    host = f"127.0.0.1:{server.server_port}"
    settings.NEIGHBOURHOODS_URL, settings.ADDRESSES_URL = f"http://{host}/wfs", f"http://{host}/free"
    settings.ALLOWED_ADDRESSES = [host]
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def best() -> Town:
    return Town.objects.create(name="Best", slug="best")


def test_everything_of_the_towns_here_is_loaded_a_page_at_a_time(register, best, capsys) -> None:
    assert main(["places", "load"]) == 0
    assert capsys.readouterr().out == "Plein knows 1501 neighbourhoods, 1 villages and 250 streets.\n"
    assert [query.get("startIndex") or query["start"] for query in register.asked] == [
        "0",
        "1000",
        "0",
        "0",
        "100",
        "200",
    ]
    assert PlaceLoad.objects.filter(finished_at=None).count() == 0
    assert PlaceName.objects.get(code="075300000007").name == "Proefstraat 7"
    assert Event.objects.filter(town=best, kind="watch.changed").exists()


def test_a_name_that_two_municipalities_have_is_marked(register, best) -> None:
    main(["places", "load"])
    assert set(PlaceName.objects.filter(shared=True).values_list("code", flat=True)) == {"BU07530000", "BU07729901"}


def test_loading_goes_on_where_it_stopped(register, best, capsys) -> None:
    register.fails_after = 4
    assert main(["places", "load"]) == 1
    said = capsys.readouterr().err
    assert "street:gm0753 could not be loaded" in said and "503" in said
    assert PlaceName.objects.filter(kind="street").count() == 100
    register.fails_after = None
    register.asked.clear()
    assert main(["places", "load"]) == 0
    assert [query["start"] for query in register.asked] == ["100", "200"]
    assert PlaceName.objects.filter(kind="street").count() == 250


def test_what_was_loaded_is_not_asked_for_again_unless_anew(register, best) -> None:
    main(["places", "load"])
    register.asked.clear()
    main(["places", "load"])
    assert register.asked == []
    register.streets.pop()
    register.streets[0]["straatnaam"] = "Omgedoopte straat"
    main(["places", "load", "--anew"])
    gone = PlaceName.objects.get(code="075300000249")
    assert gone.valid_until == timezone.now().date()
    assert PlaceName.objects.get(code="075300000000").name == "Omgedoopte straat"
    assert PlaceName.objects.filter(kind="street", valid_until=None).count() == 249


def test_another_municipality_can_be_named_and_one_that_does_not_exist_is_told(register, capsys) -> None:
    assert main(["places", "load", "--municipality", "Eindhoven"]) == 0
    assert register.asked[-1]["fq"] == "type:weg AND gemeentecode:0772"
    assert main(["places", "load", "--municipality", "Atlantis"]) == 1
    assert "no municipality called Atlantis" in capsys.readouterr().err


def test_an_answer_that_is_no_register_s_is_told_and_nothing_is_marked_as_done(register, capsys) -> None:
    register.broken = '{"message": "under maintenance"}'
    assert main(["places", "load"]) == 1
    assert "neighbourhood could not be loaded" in capsys.readouterr().err
    register.broken = "<html>"
    assert main(["places", "load"]) == 1
    assert not PlaceName.objects.exists() and PlaceLoad.objects.get().finished_at is None


def test_a_register_inside_our_own_network_is_refused_unless_allowed(register, settings, capsys) -> None:
    settings.ALLOWED_ADDRESSES = []
    assert main(["places", "load"]) == 1
    assert "inside our own network" in capsys.readouterr().err
    assert register.asked == []


def test_a_file_is_loaded_without_a_network(register, best, tmp_path: Path, capsys) -> None:
    path = tmp_path / "buurten.csv.gz"
    path.write_bytes(gzip.compress(b"buurtcode;buurtnaam\nBU07530001;Heivelden\nBU07530002;Salderes\n"))
    assert main(["places", "load", "--from", str(path)]) == 0
    assert "2 neighbourhoods" in capsys.readouterr().out
    assert register.asked == []


def test_a_file_with_a_bad_row_loads_nothing_and_names_the_line(best, tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("PLEIN_LANGUAGE", "en")
    path = tmp_path / "buurten.csv"
    path.write_text("buurtcode,buurtnaam\nBU07530001,Heivelden\nBU00000001,Nergens\n")
    assert main(["places", "load", "--from", str(path)]) == 1
    assert f"{path}, line 3: " in capsys.readouterr().err
    assert not PlaceName.objects.exists()


def test_loaded_names_that_say_which_town_is_meant_belong_to_a_place(best) -> None:
    now = timezone.now()
    keep(
        [
            Place("1", "Heivelden", "neighbourhood", "gm0753"),
            Place("2", "Centrum", "neighbourhood", "gm0753"),
            Place("3", "Kerkstraat", "street", "gm0753"),
            Place("4", "Sonseweg-Oost", "street", "gm0753"),
            Place("5", "Tivoli", "neighbourhood", "gm0753"),
            Place("6", "Tivoli", "neighbourhood", "gm0772"),
        ],
        now,
    )
    mark_shared(["neighbourhood", "street"], now)
    names = {name.text for name in place_names(best, "Best", on=now.date())}
    assert {"Best", "Heivelden", "Sonseweg-Oost"} <= names
    assert not names & {"Centrum", "Kerkstraat", "Tivoli"}
    known = knowledge_of(best, "best")
    assert (known.neighbourhoods, known.streets) == (("Heivelden",), ("Sonseweg-Oost",))
