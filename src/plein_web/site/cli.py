"""The command `plein`. Every command loads only what it needs; `plein --help` loads nothing."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from plein import __version__
from plein.town.roles import Role
from plein_web.site.saying import Told, language
from plein_web.site.saying import gettext as _

# Commands that belong to another file and read their own arguments.
ELSEWHERE = {
    "listen": "plein_web.listening.terminal",
    "demo": "plein_web.site.demo.command",
    "evaluate": "plein_web.site.evaluate.command",
    "places": "plein_web.site.places",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    home, rest = _home_before_command(given)
    if home:
        os.environ["PLEIN_HOME"] = str(Path(home).resolve())
    if home and rest[:1] == ["demo"]:
        # A demo has a folder of its own: it asks to be named, and never takes PLEIN_HOME.
        rest = ["demo", "--home", home, *rest[1:]]
    if rest[:1] and rest[0] in ELSEWHERE:
        return _ended_well(lambda: _elsewhere(*rest))
    options = _parser().parse_args(given)
    return _ended_well(lambda: options.run(options))


def _elsewhere(name: str, *arguments: str) -> int:
    """Run a command of another file; `listen` stands left of us, and speaks as Django does."""
    if name != "listen":
        return import_module(ELSEWHERE[name]).main(arguments)
    from plein_web.site.processes import setup

    setup()
    from django.utils import translation

    with translation.override(language()):
        return import_module(ELSEWHERE[name]).main(arguments)


def _home_before_command(given: list[str]) -> tuple[str, list[str]]:
    """Return the folder that stands before the command, and the rest; what stands after is the command's own."""
    if given[:1] == ["--home"]:
        return "".join(given[1:2]), given[2:]
    if given and given[0].startswith("--home="):
        return given[0].removeprefix("--home="), given[1:]
    return "", given


def _ended_well(command: Callable[[], int | None]) -> int:
    """Run a command; what an operator can mend is told in a sentence, not as a trace."""
    try:
        return command() or 0
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
    except _mendable() as problem:
        print(f"plein: {_sentence(problem)}", file=sys.stderr)
        return 1


def _mendable() -> tuple[type[Exception], ...]:
    """Return what an operator can mend, of the modules that the command has loaded."""
    database = sys.modules.get("django.db.utils")
    vault = sys.modules.get("plein.town.vault")
    return (
        Told,
        PermissionError,
        *((database.OperationalError, database.ProgrammingError) if database else ()),
        *((vault.WrongKey,) if vault else ()),
    )


def _sentence(problem: Exception) -> str:
    if isinstance(problem, PermissionError):
        return _("No permission for %(path)s.") % {"path": problem.filename}
    if type(problem).__module__.startswith("django.db"):
        return _("The database does not answer as it should: %(words)s. Run: plein doctor") % {"words": problem}
    return str(problem)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="plein", description=_("Listen to residents on social media and answer them."), allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"Plein {__version__}")
    parser.add_argument(
        "--home", help=_("the folder with the database, the keys and the media (or PLEIN_HOME; not for a demo)")
    )
    commands = parser.add_subparsers(metavar=_("command"), required=True)
    for add in (
        _up, _web, _engine, _listen, _demo, _doctor, _user, _backup, _backups, _restore, _migrate, _audit, _places, _evaluate, _version,
    ):  # fmt: skip
        add(commands)
    return parser


def _command(commands, name: str, text: str, run: Callable) -> argparse.ArgumentParser:
    made = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
    made.set_defaults(run=run)
    return made


def _up(commands) -> None:
    made = _command(commands, "up", _("run everything: web and engine"), _run_up)
    _address(made)


def _address(made: argparse.ArgumentParser) -> None:
    made.add_argument("--host", default="127.0.0.1", help=_("the address to listen on (127.0.0.1)"))
    made.add_argument("--port", type=int, help=_("the port to listen on (8321, or the next that is free)"))


def _run_up(options: argparse.Namespace) -> int:
    from plein_web.site.supervisor import Supervisor

    return Supervisor(host=options.host, port=options.port).run()


def _web(commands) -> None:
    made = _command(commands, "web", _("run only the web process"), _run_web)
    _address(made)
    made.add_argument("--migrate", action="store_true", help=_("bring the database up to date first"))
    made.add_argument("--descriptor", type=int, help=argparse.SUPPRESS)
    made.add_argument("--report", type=int, help=argparse.SUPPRESS)


def _run_web(options: argparse.Namespace) -> int:
    from plein_web.site.web import serve

    return serve(
        host=options.host,
        port=options.port or 8321,
        descriptor=options.descriptor,
        report=options.report,
        migrate=options.migrate,
    )


def _engine(commands) -> None:
    _command(commands, "engine", _("run only the engine: everything that works in the background"), _run_engine)


def _run_engine(options: argparse.Namespace) -> int:
    from plein_web.site.processes import setup

    setup()
    from plein_web.site import engine, logging

    logging.configure()
    return engine.run()


def _listen(commands) -> None:
    commands.add_parser("listen", help=_("show in the terminal what a source brings, live"))


def _demo(commands) -> None:
    commands.add_parser("demo", help=_("show Plein with two fictional municipalities"))


def _doctor(commands) -> None:
    made = _command(commands, "doctor", _("check everything, with a remedy for whatever is wrong"), _run_doctor)
    made.add_argument("--json", action="store_true", help=_("as JSON, for machines"))
    made.add_argument("--offline", action="store_true", help=_("touch no network"))


def _run_doctor(options: argparse.Namespace) -> int:
    from plein_web.site.processes import is_empty, setup

    if is_empty(os.environ):
        from plein_web.site.doctor.showing import show_empty

        return show_empty(as_json=options.json)
    setup()
    from plein_web.site.doctor.command import command

    return command(as_json=options.json, offline=options.offline)


def _user(commands) -> None:
    made = _command(commands, "user", _("people and their roles"), _run_user)
    deeds = made.add_subparsers(dest="deed", metavar=_("command"), required=True)
    add = deeds.add_parser("add", help=_("let somebody in, and print a sign-in link"))
    add.add_argument("email")
    add.add_argument("--name", default="", help=_("as colleagues see it"))
    add.add_argument("--town", help=_("slug of the municipality"))
    add.add_argument("--role", choices=[*Role], default="webcare")
    link = deeds.add_parser("link", help=_("print a sign-in link that works once"))
    link.add_argument("email")
    role = deeds.add_parser("role", help=_("change somebody's role in a municipality"))
    role.add_argument("email")
    role.add_argument("--town", required=True, help=_("slug of the municipality"))
    role.add_argument("role", choices=[*Role, "none"])
    deeds.add_parser("list", help=_("show who may come in where"))


def _run_user(options: argparse.Namespace) -> int:
    from plein_web.site.processes import setup_existing

    setup_existing()
    from plein_web.site import people

    return people.command(options)


def _backup(commands) -> None:
    made = _command(commands, "backup", _("write the database and the media to one file"), _run_backup)
    made.add_argument("file", type=Path)
    made.add_argument(
        "--with-key", action="store_true", help=_("put the keys in it too: whoever has it reads the tokens")
    )


def _run_backup(options: argparse.Namespace) -> int:
    from plein_web.site.processes import setup_existing

    setup_existing()
    from plein_web.site import backup

    return backup.backup_command(options.file, with_key=options.with_key)


def _restore(commands) -> None:
    made = _command(commands, "restore", _("put a backup back in an empty folder; nothing is sent twice"), _run_restore)
    made.add_argument("file", type=Path)
    made.add_argument("--home", type=Path, required=True, dest="into", help=_("the folder to restore into"))
    made.add_argument("--key-file", type=Path, help=_("the key file that belongs to the backup"))
    made.add_argument("--without-key", action="store_true", help=_("go on without the key: connect every channel anew"))
    made.add_argument("--deletions", type=Path, dest="newer", help=_("a newer backup: what was deleted until then stays so"))


def _run_restore(options: argparse.Namespace) -> int:
    from plein_web.site import restore

    into = options.into.resolve()
    given = {"key_file": options.key_file, "without_key": options.without_key, "newer": options.newer}
    return restore.command(options.file, into=into, **given)


def _backups(commands) -> None:
    made = _command(commands, "backups", _("the backups that were made, and when each has to be gone"), _run_backups)
    made.add_argument("--gone", type=int, metavar=_("NUMBER"), help=_("say that one was destroyed"))


def _run_backups(options: argparse.Namespace) -> int:
    from plein_web.site.processes import setup_existing

    setup_existing()
    from plein_web.site import deletions

    return deletions.backups_command(options.gone)


def _migrate(commands) -> None:
    _command(commands, "migrate", _("bring the database up to date"), _run_migrate)


def _run_migrate(options: argparse.Namespace) -> int:
    from plein_web.site.processes import bring_rows_up_to_date, setup

    setup()
    changed = bring_rows_up_to_date(verbosity=1)
    print(_("The database is brought up to date.") if changed else _("The database is up to date."))
    return 0


def _audit(commands) -> None:
    made = _command(commands, "audit", _("the audit trail"), _run_audit)
    deeds = made.add_subparsers(dest="deed", metavar=_("command"), required=True)
    verify = deeds.add_parser("verify", help=_("check that no sealed row was changed or removed"))
    verify.add_argument("--town", help=_("slug of the municipality (all)"))


def _run_audit(options: argparse.Namespace) -> int:
    from plein_web.site.processes import setup_existing

    setup_existing()
    from plein_web.site import trail

    return trail.command(options.town)


def _places(commands) -> None:
    commands.add_parser("places", help=_("bring in neighbourhoods, villages and streets from the open registers"))


def _evaluate(commands) -> None:
    commands.add_parser("evaluate", help=_("score Plein's judgement on labelled data from outside"))


def _version(commands) -> None:
    _command(commands, "version", _("print the version"), lambda options: print(f"Plein {__version__}"))


if __name__ == "__main__":
    sys.exit(main())
