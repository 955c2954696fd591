# SPDX-License-Identifier: GPL-2.0-or-later
"""Run what compose files say with buildah, and let devices join: services.py FOLDER COMPOSE_FILE...

FOLDER holds the files, and takes their secrets and volumes. It wants network, mount and process namespaces of its own,
which tests/container/run makes, and speaks TAP.
"""

import ipaddress
import json
import os
import pathlib
import secrets
import subprocess
import sys
import time

from compose import Compose

BUILDAH = os.environ["MPSK_BUILDAH"].split()
SERVERS = {"freeradius", "redis-server", "redis-sentinel"}
DEADLINE = 90

results = {"run": 0, "failed": 0}


def check(name, good, why=""):
    results["run"] += 1
    results["failed"] += not good
    print(f"{'ok' if good else 'not ok'} {results['run']} - {name}")
    if not good and why:
        print("".join(f"# {line}\n" for line in str(why).splitlines()[-40:]), end="")
    sys.stdout.flush()


def command(*words, **options):
    return subprocess.run(words, check=True, capture_output=True, text=True, **options).stdout.strip()


def wait_for(condition):
    deadline = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


class Image:
    def __init__(self, name):
        self.name = name
        self.text = command(*BUILDAH, "inspect", "--type", "image", name)
        config = json.loads(self.text)["Docker"]["config"]
        self.user = config["User"].split(":")[0]
        self.start = config["Entrypoint"]
        self.health = config["Healthcheck"]["Test"][1:]
        self.path = next(entry for entry in config["Env"] if entry.startswith("PATH="))


class Network:
    """A bridge in this network namespace, and a namespace for each service. None is used twice: they go slowly."""

    def __init__(self, subnet):
        self.subnet = ipaddress.ip_network(subnet)
        self.bridge = f"b{int(self.subnet.network_address):x}"
        self.names = []
        command("ip", "link", "add", self.bridge, "type", "bridge")
        command("ip", "link", "set", self.bridge, "up")

    def join(self, address):
        name = f"v{int(ipaddress.ip_address(address)):x}"
        self.names.append(name)
        command("ip", "netns", "add", name)
        command("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
        command("ip", "link", "set", name, "master", self.bridge, "up")
        for words in (["link", "set", "lo", "up"], ["link", "set", "eth0", "up"],
                      ["addr", "add", f"{address}/{self.subnet.prefixlen}", "dev", "eth0"]):
            command("ip", "-n", name, *words)
        return name

    def end(self):
        for name in self.names:
            command("ip", "netns", "del", name)


class Container:
    def __init__(self, service, image, network, log):
        self.service, self.image, self.log = service, image, log
        self.id = command(*BUILDAH, "from", "--pull-never", image.name)
        self.net = network.join(service.address)
        self.process = None

    def run(self, words):
        words = [*BUILDAH, "run", "--isolation", "chroot",
                 *(f"--env={name}={value}" for name, value in self.service.environment.items()),
                 *(f"--volume={source}:{path}" for source, path in self.service.mounts), self.id, "--", *words]
        return ["nsenter", f"--net=/run/netns/{self.net}", *words]

    def up(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.run([*self.image.start, *self.service.command]), stdout=log,
                                            stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)

    def call(self, *words):
        return subprocess.run(self.run(words), capture_output=True, text=True, stdin=subprocess.DEVNULL)

    def healthy(self):
        return self.process.poll() is None and self.call(*self.image.health).returncode == 0

    def ended(self):
        return self.process.poll() == 0

    def processes(self):
        """Those of the service itself, not buildah's: [(pid, name, uid)]."""
        found, family = [], {self.process.pid}
        for entry in sorted((entry for entry in os.listdir("/proc") if entry.isdigit()), key=int):
            try:
                status = dict(line.split(":\t", 1) for line in
                              pathlib.Path("/proc", entry, "status").read_text(encoding="utf-8").splitlines())
                cmdline = pathlib.Path("/proc", entry, "cmdline").read_bytes()
            except OSError:
                continue
            if int(status["PPid"]) in family:
                family.add(int(entry))
                if b"buildah" not in cmdline.split(b"\0")[0]:
                    found.append((int(entry), status["Name"], int(status["Uid"].split()[0])))
        return found

    def kill(self):
        """As a machine that is gone: without a word."""
        for pid, name, _ in self.processes():
            if name in SERVERS:
                os.kill(pid, 9)
        self.process.wait()

    def tail(self):
        return pathlib.Path(self.log).read_text(encoding="utf-8", errors="replace")

    def root(self):
        return command(*BUILDAH, "mount", self.id)


class Point:
    """An access point: radmpsk, in a container at the network's first address."""

    def __init__(self, image, network, folder):
        class Own:
            name, environment = "point", {}
            address = str(network.subnet[1])
            mounts = [(folder / "secrets" / "radius", "/run/secret"), (folder / "state", "/run/state")]
        self.container = Container(Own, image, network, folder / "state" / "point.log")
        self.said = ""

    def ask(self, server, passphrase, mac):
        done = self.container.call("radmpsk", "--server", f"{server}:1812", "--secret-file", "/run/secret", "--ssid",
                                   "Acme", "--passphrase-file", f"/run/state/{passphrase}", "--mac", mac)
        self.said = done.stdout + done.stderr
        return done.returncode


def starts(compose, containers):
    """Each service when those are ready that it waits for."""
    for service in compose.services:
        for other, condition in service.after:
            ready = containers[other].healthy if condition == "service_healthy" else containers[other].ended
            if not wait_for(ready):
                check(f"{other} is ready for {service.name}: {condition}", False, containers[other].tail())
                return False
        containers[service.name].up()
    for one in containers.values():
        if one.service.checked:
            good = wait_for(one.healthy)
            check(f"{one.service.name} is healthy by its own check", good, one.tail())
    return results["failed"] == 0


def joins(point, radii, passphrase, what, last):
    for number, radius in enumerate(radii):
        mac = f"00-00-5e-00-53-{last:x}{number:x}"
        good = wait_for(lambda: point.ask(radius.service.address, passphrase, mac) == 0)
        check(f"{what}: {radius.service.name} lets a device in", good, point.said + radius.tail())


def unprivileged(containers):
    for one in containers.values():
        if one.service.checked:
            processes = one.processes()
            check(f"{one.service.name} runs as user {one.image.user}, not root",
                  processes and all(uid == int(one.image.user) != 0 for _, _, uid in processes), processes)


def leaves_no_trace(containers, words):
    """In what a container is made of: no secret, and nothing that it would have had to write there."""
    for one in containers.values():
        root = one.root()
        found = [word for word in words if subprocess.run(["grep", "-rqF", word, root]).returncode != 1]
        found += [word for word in words if word in one.image.text or word in one.tail()]
        check(f"{one.service.name}: no secret in its files, its image or its log", not found)
        written = command("find", root, "-xdev", "-uid", one.image.user, "!", "-path", f"{root}/data")
        check(f"{one.service.name}: nothing is written outside of its volumes", not written, written)


def try_file(folder, name, images):
    print(f"# {name}")
    words = []
    (folder / "secrets").mkdir(exist_ok=True)
    for secret in ("redis", "replica", "sentinel", "radius"):
        words.append(secrets.token_hex(24))
        (folder / "secrets" / secret).write_text(words[-1] + "\n", encoding="ascii")
    environment = {"MPSK_CLIENTS": "192.0.2.0/24 172.16.0.0/12"}
    compose = Compose(folder / name, environment)
    network = Network(compose.subnet)
    state = folder / "state"
    containers = {service.name: Container(service, images[service.image], network, state / f"{service.name}.log")
                  for service in compose.services}
    radii = [one for one in containers.values() if one.service.command == ["radius"]]
    if starts(compose, containers):
        unprivileged(containers)
        added = radii[0].call("mpskctl", "key", "add", "bob", "--ssid", "Acme", "--max", "9", "--generate", "--quiet")
        words.append(added.stdout.strip())
        check("mpskctl adds a key in the container", added.returncode == 0 and words[-1], added.stderr)
        (state / "right").write_text(words[-1] + "\n", encoding="ascii")
        (state / "wrong").write_text("not the passphrase\n", encoding="ascii")
        point = Point(images["mpsk-radius"], network, folder)
        joins(point, radii, "right", name, 1)
        check("a wrong passphrase is refused", point.ask(radii[0].service.address, "wrong", "00-00-5e-00-53-fe") == 1,
              point.said)
        containers["redis-1" if "redis-1" in containers else "redis"].kill()
        if "redis" in containers:
            containers["redis"].up()
            check("Redis is healthy after it was killed", wait_for(containers["redis"].healthy))
        else:
            served = lambda: radii[0].call("mpskctl", "key", "edit", "bob", "--note", "moved").returncode == 0
            check("another Redis takes the place of one that was killed", wait_for(served))
        joins(point, radii, "right", "after Redis was killed", 2)
        known = radii[0].call("mpskctl", "device", "list", "bob").stdout
        check("what was known before is known after", "00-00-5e-00-53-10" in known.lower(), known)
        check("what is due is done each minute", containers["maintain"].process.poll() is None,
              containers["maintain"].tail())
        leaves_no_trace(containers, words)
    for one in containers.values():
        if one.process and one.process.poll() is None:
            one.kill() if one.service.checked else one.process.kill()
    network.end()
    subprocess.run(["rm", "-rf", state, folder / "secrets"], check=True)


def no_keys(image):
    """Of the base and the packages, too: a private key in an image is everybody's."""
    container = command(*BUILDAH, "from", "--pull-never", image.name)
    root = command(*BUILDAH, "mount", container)
    found = subprocess.run(["grep", "-rlsE", "--", "-----BEGIN .*PRIVATE KEY|testing123", f"{root}/etc", f"{root}/run",
                            f"{root}/var", f"{root}/home", f"{root}/root", f"{root}/usr/share/mpsk"],
                           capture_output=True, text=True).stdout
    check(f"{image.name}: no private key and no secret that everybody knows", not found, found)
    check(f"{image.name}: its user is not root", image.user not in ("", "0", "root"), image.user)


def main(folder, *names):
    command("mount", "-t", "proc", "proc", "/proc")
    pathlib.Path("/run/netns").mkdir(exist_ok=True)
    command("mount", "-t", "tmpfs", "netns", "/run/netns")
    images = {name: Image(name) for name in ("mpsk-redis", "mpsk-radius")}
    for image in images.values():
        no_keys(image)
    for name in names:
        began = time.monotonic()
        try_file(pathlib.Path(folder), name, images)
        print(f"# {name}: {time.monotonic() - began:.0f} s")
    print(f"1..{results['run']}")
    return 1 if results["failed"] else 0


sys.exit(main(*sys.argv[1:]))
