"""podbot's own command line: `podbot run` and what prepares for it."""

import asyncio
import json
import logging
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import yaml

from bot import logs
from bot.core import names
from bot.core import rbac as rules
from bot.core.errors import PodbotError
from bot.slack.manifest import LONGEST_NAME
from bot.slack.manifest import manifest as app_manifest
from config.errors import ConfigError
from config.policy import load_policy
from config.settings import SHIPPED_TEMPLATES, load_settings, revision, slash_command
from handlers import COMMANDS, REGISTRY


def _version(context: click.Context, _: click.Parameter, asked: bool) -> None:  # noqa: FBT001  # click's way
    """Print version and, where the build tells it, revision."""
    if asked and not context.resilient_parsing:
        build = revision(os.environ)
        click.echo(f"podbot {version('podbot')}{build and f' (revision {build})'}")
        context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show which podbot this is."
)
def main() -> None:
    """Kubernetes pod actions in Slack, each made with the rights of the person who asks."""


@main.command()
def run() -> None:
    """Answer in Slack until SIGTERM. Settings come from the environment and the file that PODBOT_CONFIG names."""
    from bot.app import serve  # noqa: PLC0415  # the clients take half a second to import, which other commands need not

    logs.configure()
    try:
        settings = load_settings(os.environ)
        logs.never_tell(settings.secrets)
        logs.set_level(settings.log_level)
        asyncio.run(serve(settings))
    except (ConfigError, PodbotError) as error:
        sys.exit(f"podbot cannot start: {error}")
    except Exception:
        logging.getLogger("podbot").exception("podbot ended unexpectedly")  # as every line: JSON, without secrets
        sys.exit(1)


@main.command()
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def check(output: str) -> None:
    """Check Slack, cluster, policy and rights with the settings of `podbot run`; a failure ends with 1."""
    from bot.app import SystemClock  # noqa: PLC0415  # as above
    from bot.checks import report, running  # noqa: PLC0415  # as above

    logs.configure(logging.ERROR)
    found = asyncio.run(running.check(os.environ, SystemClock()))
    click.echo(report.as_json(found) if output == "json" else "\n".join(report.lines(found)))
    sys.exit(report.has_failed(found))


@main.command()
@click.option("--kubeconfig", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A real cluster's.")
@click.option("--port", default=8080, show_default=True, help="Where the page is served; 0 takes a free port.")
@click.option("--browser/--no-browser", default=True, help="Open the page in a browser.")
def demo(kubeconfig: Path | None, port: int, browser: bool) -> None:  # noqa: FBT001  # click's way
    """Show podbot in a browser: no Slack account, and no cluster unless one is given."""
    from bot.demonstration.show import serve  # noqa: PLC0415  # as above

    logs.configure(logging.WARNING)
    logging.getLogger("podbot.audit").setLevel(logging.WARNING)
    try:
        asyncio.run(serve(kubeconfig, port, browser=browser))
    except (ConfigError, PodbotError, OSError) as error:
        sys.exit(f"the demo cannot start: {error}")


def _checked(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        return slash_command(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _address(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        parts = urlsplit(value)
        good = parts.scheme == "https" and bool(parts.hostname) and not parts.query and not parts.fragment
    except ValueError:
        good = False
    if value and not good:
        raise click.BadParameter("Slack takes https alone; give an address such as https://podbot.example.com")
    return value


def _app_name(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not 1 <= len(value) <= LONGEST_NAME:
        raise click.BadParameter(f"Slack takes names of 1 to {LONGEST_NAME} characters")
    return value


@main.command()
@click.option("--http", callback=_address, default="", help="podbot's https address; without it, Socket Mode.")
@click.option("--name", callback=_app_name, default="podbot", show_default=True, help="What the app is called.")
@click.option("--command", callback=_checked, default="/pod", show_default=True, help="The slash command.")
@click.option("--output", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True)
def manifest(http: str, name: str, command: str, output: str) -> None:
    """Print the manifest to make the Slack app from, at https://api.slack.com/apps."""
    made = app_manifest(list(REGISTRY), name=name, command=command, http=http)
    if output == "json":
        click.echo(json.dumps(made, indent=2, ensure_ascii=False))
    else:
        click.echo(yaml.safe_dump(made, sort_keys=False, allow_unicode=True, width=120), nl=False)


@main.command()
@click.option("--policy", "path", type=click.Path(path_type=Path), required=True, help="The policy file.")
@click.option("--namespace", default="podbot", show_default=True, help="podbot's own namespace.")
@click.option("--service-account", default="podbot", show_default=True, help="podbot's own ServiceAccount.")
@click.option("--cluster", default="main", show_default=True, help="Whose grants to take from the policy.")
@click.option("--name", default="podbot", show_default=True, help="What the names of all roles begin with.")
@click.option("--legacy", is_flag=True, help="For API servers without constrained impersonation (before 1.36).")
@click.option("--tokens", is_flag=True, help="For PODBOT_IDENTITY=tokens: a ServiceAccount a tier, no impersonation.")
@click.option("--cluster-wide", is_flag=True, help="Tiers' rights in every namespace, which may then come and go.")
def rbac(path: Path, **said: Any) -> None:
    """Print podbot's own and the tiers' RBAC as YAML, for kubectl apply; the chart makes the same."""
    try:
        objects = rules.objects(COMMANDS, load_policy(path), **said)
    except ConfigError as error:
        sys.exit(str(error))
    click.echo(yaml.safe_dump_all(objects, sort_keys=False), nl=False)


@main.group()
def templates() -> None:
    """Check what pods are created from."""


@templates.command()
@click.argument("folder", type=click.Path(path_type=Path), default=SHIPPED_TEMPLATES)
@click.option("--kubeconfig", help="Have an API server check the pods too, in a dry run, as this file's own user.")
@click.option("--context", help="The kubeconfig's context; otherwise its current one.")
@click.option("--namespace", default="default", show_default=True, help="Where the pods would be created.")
def lint(folder: Path, kubeconfig: str | None, context: str | None, namespace: str) -> None:
    """Check every template in FOLDER, otherwise the shipped ones; end with 1 where one is wrong."""
    from bot import linting  # noqa: PLC0415  # the client takes a quarter of a second to import

    try:
        server = linting.Server(kubeconfig, context, names.namespace(namespace)) if kubeconfig else None
        findings = asyncio.run(linting.lint(folder, server))
    except (ConfigError, PodbotError) as error:
        sys.exit(str(error))
    for finding in findings:
        click.echo("\n".join(linting.lines(finding)))
    if wrong := sum(bool(finding.problems) for finding in findings):
        sys.exit(f"{wrong} of {len(findings)} templates must be mended")


if __name__ == "__main__":
    main()
