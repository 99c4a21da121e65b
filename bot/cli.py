"""podbot's own command line: `podbot run` and what prepares for it."""

import asyncio
import logging
import os
import sys
from pathlib import Path

import click
import yaml

from bot import logs
from bot.core import rbac as rules
from bot.core.errors import PodbotError
from config.errors import ConfigError
from config.policy import load_policy
from config.settings import load_settings
from handlers import COMMANDS


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="podbot")
def main() -> None:
    """Kubernetes pod actions in Slack, each made with the rights of the person who asks."""


@main.command()
def run() -> None:
    """Answer in Slack until SIGTERM. Settings come from the environment and the file that PODBOT_CONFIG names."""
    from bot.app import serve  # noqa: PLC0415  # the clients take half a second to import, which other commands need not

    logs.configure()
    try:
        asyncio.run(serve(load_settings(os.environ)))
    except (ConfigError, PodbotError) as error:
        sys.exit(f"podbot cannot start: {error}")


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


@main.command()
@click.option("--policy", "path", type=click.Path(path_type=Path), required=True, help="The policy file.")
@click.option("--namespace", default="podbot", show_default=True, help="podbot's own namespace.")
@click.option("--service-account", default="podbot", show_default=True, help="podbot's own ServiceAccount.")
@click.option("--cluster", default="main", show_default=True, help="Whose grants to take from the policy.")
@click.option("--legacy", is_flag=True, help="For API servers without constrained impersonation (before 1.36).")
def rbac(path: Path, namespace: str, service_account: str, cluster: str, legacy: bool) -> None:  # noqa: FBT001  # click's way
    """Print podbot's own and the tiers' RBAC as YAML, for kubectl apply."""
    try:
        policy = load_policy(path)
        objects = rules.objects(
            COMMANDS, policy, namespace=namespace, service_account=service_account, legacy=legacy, cluster=cluster
        )
    except ConfigError as error:
        sys.exit(str(error))
    click.echo(yaml.safe_dump_all(objects, sort_keys=False), nl=False)


if __name__ == "__main__":
    main()
