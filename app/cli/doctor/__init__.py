"""`flask doctor`: is everything as it should be, and if not, how is it mended?

Every module here looks at one part of a site and yields findings (`findings`); this one names the
checks and says what they found. None changes anything.
"""

import json
import shutil

import click
from flask.cli import with_appcontext

from app.cli.doctor import database, files, jobs, machine, mail, search, settings, site
from app.cli.doctor.findings import Check, Finding, Level, examine

CHECKS = (
    Check("settings", settings.check_settings),
    Check(".env", settings.check_names),
    Check("packages", settings.check_packages),
    Check("secrets", files.check_secrets),
    Check("files", files.check_data_dir),
    Check("assets", files.check_built),
    Check("database", database.check_database),
    Check("migrations", database.check_migrations),
    Check("broker", jobs.check_broker),
    Check("worker", jobs.check_worker, needs_database=True),
    Check("limits", jobs.check_limits),
    Check("mail", mail.check_mail),
    Check("search", search.check_search, needs_database=True),
    Check("disk", machine.check_disk),
    Check("memory", machine.check_memory),
    Check("clock", machine.check_clock, needs_database=True),
    Check("site", site.check_site),
)
MARKS = {Level.OK: ("OK", "green"), Level.WARNING: ("WARN", "yellow"), Level.ERROR: ("FAIL", "red")}
INDENT, NARROWEST = 17, 40

Found = dict[str, list[Finding]]


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for monitoring.")
@click.option("--send-mail-to", metavar="ADDRESS", help="Also send a message to that address.")
@with_appcontext
def doctor(as_json: bool, send_mail_to: str | None) -> None:
    """Look whether everything is as it should be, and say how to mend what is not.

    Ends with status 1 if something is broken; warnings alone are no failure.
    """
    checks = list(CHECKS)
    if send_mail_to:
        checks.append(Check("message", lambda: mail.send_message(send_mail_to)))
    found = examine(checks)
    click.echo(_as_json(found) if as_json else _as_text(found))
    if _count(found, Level.ERROR):
        raise SystemExit(1)


def _as_json(found: Found) -> str:
    findings = [
        {"check": name, "level": each.level, "text": each.text, "remedy": each.remedy}
        for name, several in found.items()
        for each in several
    ]
    worst = next(level for level in reversed(Level) if level == Level.OK or _count(found, level))
    return json.dumps({"status": worst, "findings": findings}, indent=2)


def _as_text(found: Found) -> str:
    lines = [_lines(name, each) for name, several in found.items() for each in several]
    errors, warnings = _count(found, Level.ERROR), _count(found, Level.WARNING)
    result = f"To be mended: {errors}. Worth a look: {warnings}."
    return "\n".join([*lines, "", result if errors + warnings else "All is well."])


def _lines(name: str, finding: Finding) -> str:
    mark, colour = MARKS[finding.level]
    width = max(NARROWEST, shutil.get_terminal_size().columns)
    text = click.wrap_text(f"{name:<11} {finding.text}", width, " " * 5, " " * INDENT)
    lines = click.style(f"{mark:<5}", fg=colour) + text[5:]
    # A remedy is one line, however long: commands are copied from it.
    return f"{lines}\n{' ' * INDENT}-> {finding.remedy}" if finding.remedy else lines


def _count(found: Found, level: Level) -> int:
    return sum(finding.level == level for several in found.values() for finding in several)
