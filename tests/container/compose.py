# SPDX-License-Identifier: GPL-2.0-or-later
"""What a compose file says, read as Docker's compose reads it, as far as ours go.

Compose(path, environment) gives .services, a list in the order in which they start; each is a Service with
name, image, command, environment, address, mounts [(host folder or file, path within)], after [(service, condition)],
checked (whether the image's health check counts). Whatever is in a file and not known here is an error: it would be
passed over in a test that means to try it. The folders of volumes and tmpfs are made beside the file, in state/.
"""

import os
import pathlib
import re

import yaml

# These hold only where an engine runs the containers.
ENGINE = {"build", "cap_drop", "ports", "read_only", "restart", "security_opt"}
KNOWN = ENGINE | {"command", "depends_on", "environment", "healthcheck", "image", "networks", "secrets", "tmpfs", "volumes"}


class Service:
    def __init__(self, name, entry):
        unknown = set(entry) - KNOWN
        if unknown:
            raise ValueError(f"{name}: {unknown} is nothing that this test knows")
        self.name = name
        self.image = entry["image"]
        self.command = entry["command"]
        self.environment = entry["environment"]
        self.address = entry["networks"]["inside"]["ipv4_address"]
        self.after = [(other, how["condition"]) for other, how in entry.get("depends_on", {}).items()]
        self.checked = not entry.get("healthcheck", {}).get("disable")
        self.mounts = []


def interpolate(value, environment):
    """${NAME:?message}, which all of ours are."""
    def replace(match):
        if not environment.get(match[1]):
            raise ValueError(f"{match[1]}: {match[2]}")
        return environment[match[1]]
    if isinstance(value, dict):
        return {key: interpolate(item, environment) for key, item in value.items()}
    if isinstance(value, list):
        return [interpolate(item, environment) for item in value]
    return re.sub(r"\$\{(\w+):\?([^}]*)\}", replace, value) if isinstance(value, str) else value


def ordered(services):
    """Each after those that it waits for."""
    done, rest = [], list(services)
    while rest:
        ready = [one for one in rest if {name for name, _ in one.after} <= {one.name for one in done}]
        if not ready:
            raise ValueError("services wait for each other")
        done += ready
        rest = [one for one in rest if one not in ready]
    return done


class Compose:
    def __init__(self, path, environment):
        self.folder = pathlib.Path(path).resolve().parent
        self.file = interpolate(yaml.safe_load(pathlib.Path(path).read_text(encoding="utf-8")), environment)
        self.subnet = self.file["networks"]["inside"]["ipam"]["config"][0]["subnet"]
        services = []
        for name, entry in self.file["services"].items():
            service = Service(name, entry)
            self._mount(service, entry)
            services.append(service)
        self.services = ordered(services)

    def _mount(self, service, entry):
        for secret in entry.get("secrets", []):
            source = self.folder / self.file["secrets"][secret]["file"]
            if not source.is_file():
                raise ValueError(f"{service.name}: the secret {source} is missing")
            service.mounts.append((source, f"/run/secrets/{secret}"))
        owners = {}
        for line in entry.get("tmpfs", []):
            path, options = line.split(":")
            owners[path] = dict(option.split("=") for option in options.split(","))
            folder = self._state(f"{service.name}-tmpfs", int(owners[path]["uid"]), int(owners[path]["mode"], 8))
            service.mounts.append((folder, path))
        for line in entry.get("volumes", []):
            volume, path = line.split(":")
            if volume not in self.file["volumes"]:
                raise ValueError(f"{service.name}: there is no volume {volume}")
            # A new volume has the owner of the image's folder of that name, which is the container's user.
            service.mounts.append((self._state(volume, int(next(iter(owners.values()))["uid"]), 0o700), path))

    def _state(self, name, owner, mode):
        folder = self.folder / "state" / name
        folder.mkdir(parents=True, exist_ok=True)
        os.chown(folder, owner, owner)
        folder.chmod(mode)
        return folder
