"""The `ais` command: what the rooms declare, and `run` and `bench`.

Exit codes: 0 well, 1 a finding or a failure, 2 wrong use.
"""

from __future__ import annotations

import os
import sys

import click

from ais_app import __version__, commands, private_files, rooms
from ais_app.commands import chosen_settings
from ais_app.server_commands.runner import alone_or_end

DECLARED = commands.Declared({name: where for room in rooms.ROOMS for name, where in room.commands.items()})


@click.group(cls=commands.Main, commands=DECLARED, context_settings=commands.CONTEXT)
@click.version_option(__version__, prog_name="ais", help="Show the version and exit.")
@click.pass_context
def main(context: click.Context) -> None:
    """АИС: electronic journal and diary of a school.

    Settings come from the environment and are read once, at start.
    """
    before = private_files.close_to_others()  # whatever a command makes, and the server's processes after it
    context.call_on_close(lambda: os.umask(before))


@main.command(
    epilog="Exit codes: 0 ended by SIGTERM or SIGINT, 1 could not start or a process of it ended unexpectedly "
    "(try again), 2 wrong use or a wrong setting (do not)."
)
def run() -> None:
    """Migrate the database and serve everything on one port.

    Pages, websocket and files come from AIS_HOST and AIS_PORT over plain HTTP; a proxy before it brings HTTPS.
    /healthz answers while the process lives, /readyz when the database is there and of this version.
    """
    from ais_app import serve
    from ais_app.ledger import key_file, keys, renewing
    from ais_app.ledger.witness import NoKey
    from ais_app.people.queries import login_name
    from ais_app.web import bundle

    chosen = chosen_settings()
    if not bundle.is_built():
        click.echo("The frontend is not built yet: run `make build` first.", err=True)
        sys.exit(2)
    database, lock = alone_or_end(chosen)
    _name, demonstration = database.read(login_name)
    told = database.read(keys.changes)
    database.close()
    try:
        key_file.ready(chosen.witness_key_file, told, chosen.witness_files)
    except (OSError, NoKey):
        click.echo(renewing.gone(chosen.witness_key_file), err=True)
        sys.exit(2)
    if demonstration and not chosen.is_loopback and not chosen.demo_public:
        click.echo(
            "This is the demonstration school: everybody knows its passwords. It is served on 127.0.0.1 only, "
            "unless AIS_DEMO_PUBLIC=true says otherwise.",
            err=True,
        )
        sys.exit(2)
    click.echo(f"АИС {__version__}: http://{chosen.host}:{chosen.port}/")
    if demonstration:
        from ais_app.setup.demo.logins import demonstration_logins

        for login, role in demonstration_logins():
            click.echo(f"  {login:<14} demo-{login:<18} {role}")
    if lock is not None:
        lock.share()
    serve.serve(chosen)


@main.command(epilog="Exit codes: 0 measured, 1 something could not be measured, 2 there is no checkout here.")
@click.option("--only", default="", help="Budgets to measure, such as p3,p13; all when empty.")
def bench(only: str) -> None:
    """Measure the budgets of speed and size and write docs/performance.md.

    Only in a checkout of the sources, with the tools of the tests: like `make bench`, which prepares both.
    """
    import subprocess

    from ais_app.paths import ROOT

    if not (ROOT / "tests" / "bench").is_dir():
        click.echo("There is no checkout of the sources here: measuring needs its tests/bench.", err=True)
        sys.exit(2)
    sys.exit(subprocess.run([sys.executable, "-m", "tests.bench", f"--only={only}"], cwd=ROOT, check=False).returncode)  # noqa: S603 - our own module


if __name__ == "__main__":
    main()
