"""The examples of operation: their settings are real and accepted, their logs hold no tokens, their units are locked up.

nginx, Caddy, systemd and compose check their own syntax; deploy/README.md says what was checked and run with them.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ais_app.cli import main
from ais_app.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = ("ais.service", "ais-migrate.service")
LOCKED = {
    "User": "ais",
    "UMask": "0077",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "MemoryDenyWriteExecute": "yes",
    "RestrictNamespaces": "yes",
    "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX",
    "StateDirectory": "ais",
    "StateDirectoryMode": "0700",
}


def text_of(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def variables(text: str) -> dict[str, str]:
    """`NAME=value` lines, commented examples included, quotes taken off as systemd and compose do."""
    found = re.findall(r"(?m)^#?([A-Z][A-Z_]+)=(.*)$", text)
    return {name: value.strip("'") for name, value in found}


def accepted(chosen: dict[str, str], monkeypatch) -> Settings:
    """The settings that a server would take from this environment; unknown names are a mistake here."""
    known = {f"AIS_{name.upper()}" for name in Settings.model_fields}
    assert set(chosen) - known == set()
    for name in known:
        monkeypatch.delenv(name, raising=False)
    for name, value in chosen.items():
        monkeypatch.setenv(name, value)
    return Settings()


def unit(name: str) -> dict[str, list[str]]:
    """Every key of a unit with its values."""
    found: dict[str, list[str]] = {}
    for line in text_of(name).splitlines():
        if line and not line.startswith(("#", "[")):
            key, separator, value = line.partition("=")
            assert separator, line
            found.setdefault(key, []).append(value)
    return found


def test_the_settings_of_the_units_are_accepted(monkeypatch):
    chosen = accepted(variables(text_of("ais.env.example")), monkeypatch)
    assert chosen.is_loopback
    assert chosen.workers > 1
    assert [str(network) for network in chosen.trusted_proxies] == ["127.0.0.1/32"]
    assert chosen.base_url.startswith("https://")


def test_the_settings_of_compose_are_accepted(monkeypatch):
    given = variables(text_of("compose.env.example"))

    def filled(found: re.Match[str]) -> str:
        return given[found.group(1)]

    lines = re.findall(r"(?m)^    (AIS_[A-Z_]+): (.*)$", text_of("compose.yaml"))
    chosen = {name: re.sub(r"\$\{(\w+):[?-][^}]*\}", filled, value.partition("  #")[0]) for name, value in lines}
    image = dict(re.findall(r"(AIS_[A-Z_]+)=(\S+)", text_of("Dockerfile")))
    settings = accepted(image | {name: value.strip("\"'") for name, value in chosen.items()}, monkeypatch)
    assert settings.workers == 2
    assert settings.host == "0.0.0.0"  # noqa: S104 - inside its own network
    assert str(settings.trusted_proxies[0]) in re.findall(r"subnet: (\S+)", text_of("compose.yaml"))


def test_the_owner_of_the_tables_is_known_to_what_migrates_alone(monkeypatch):
    owner = variables(text_of("owner.env.example"))
    assert set(owner) == {"AIS_DATABASE_OWNER_URL"}
    assert accepted(variables(text_of("ais.env.example")) | owner, monkeypatch).database_owner_url
    assert "OWNER_URL" not in text_of("ais.env.example")
    services = re.split(r"(?m)^  (?=\w+:$)", text_of("compose.yaml"))
    assert [one.partition(":")[0] for one in services if "AIS_DATABASE_OWNER_URL" in one] == ["migrate"]


def test_compose_opens_the_proxy_only():
    services = re.split(r"(?m)^  (?=\w+:$)", text_of("compose.yaml").partition("services:\n")[2])
    assert [part.partition(":")[0] for part in services if "\n    ports:" in part] == ["caddy"]
    assert "internal: true" in text_of("compose.yaml")


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_may_write_its_data_and_nothing_else(name):
    found = unit(name)
    assert {key: found[key] for key in LOCKED} == {key: [value] for key, value in LOCKED.items()}
    assert found["SystemCallFilter"] == ["@system-service", "~@privileged"]
    assert not any(key.startswith(("ReadWrite", "BindPaths")) for key in found)


def test_both_units_are_locked_up_alike_and_call_commands_that_exist():
    server, migration = (unit(name) for name in UNITS)
    own = {"Description", "Requires", "Type", "ExecStart", "After", "WantedBy"}
    own |= {"KillMode", "TimeoutStopSec", "TimeoutStartSec", "Restart", "RestartSec", "RestartPreventExitStatus"}
    own |= {"LimitNOFILE", "MemoryHigh", "MemoryMax", "EnvironmentFile"}
    assert {key: value for key, value in server.items() if key not in own} == {
        key: value for key, value in migration.items() if key not in own
    }
    for found in (server, migration):
        (command,) = found["ExecStart"]
        assert command.removeprefix("/opt/ais/bin/ais ") in main.commands
    assert server["EnvironmentFile"] == ["/etc/ais/ais.env"]
    assert migration["EnvironmentFile"] == ["/etc/ais/ais.env", "-/etc/ais/owner.env"]
    assert server["RestartPreventExitStatus"] == ["2"]
    assert server["MemoryMax"] == ["2G"]


def test_nginx_logs_no_query_and_passes_what_the_server_checks():
    text = text_of("nginx.conf")
    (pattern,) = re.findall(r"log_format ais '([^']*)'", text)
    assert [word for word in ("$request ", '$request"', "$request_uri", "$args", "$http_") if word in pattern] == []
    event = text.partition("location /_event {")[2].partition("    }")[0]
    assert "error_log" in event
    assert " crit;" in event
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    assert "proxy_set_header Host $http_host;" in text
    assert "limit_conn ais_visitors" in text
    assert "Strict-Transport-Security" in text
    assert text.count("{") == text.count("}")
    assert [line for line in text.splitlines() if line.strip() and not re.search(r"[;{}]$|^\s*#", line)] == []


def test_caddy_redacts_tokens_wherever_it_logs():
    text = text_of("Caddyfile")
    assert text.count("\tlog ") == text.count("request>uri query {") == text.count("replace token REDACTED") == 2
    assert text.count("request>headers>Cookie delete") == 2
    assert "Strict-Transport-Security" in text
    assert text.count("{") == text.count("}")


def test_the_readme_explains_every_file():
    text = text_of("README.md")
    assert [path.name for path in DEPLOY.iterdir() if f"`{path.name}`" not in text and path.name != "README.md"] == []
