# SPDX-License-Identifier: GPL-2.0-or-later
"""Play scenarios, in the guest: /share/facts.json names them, and what the host has.

A line of TAP on the console for each one.
"""

import importlib.util
import json
import socket
import sys
import time
import traceback

sys.path.insert(0, "/share/guest")

from host import Host          # noqa: E402
from radio import OUT, Air     # noqa: E402
from scenario import Failed, Scenario  # noqa: E402


SO_TIMESTAMP = 29   # which Python does not name


def stamped():
    """A socket that has the kernel stamp all that arrives, as long as it is there.

    Each ping would begin and end that, for which the kernel rewrites its own code: two emulated processors have been
    seen to run into each other there.
    """
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMP, 1)
    return sock


def load(name):
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), f"/share/scenarios/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def play(name, number, air, host):
    begin = time.monotonic()
    module = load(name)
    about = module.__doc__.strip().splitlines()[0]
    scenario = Scenario(name, air, host)
    trouble = None
    scenario.step("")
    try:
        module.run(scenario)
    except Failed as failure:
        trouble = str(failure)
    except Exception:  # of a scenario, or of what it uses: the others are played all the same
        trouble = traceback.format_exc()
    finally:
        scenario.close()
    not_yet = getattr(module, "NOT_YET", None)
    if not_yet:
        about = f"not possible yet: {about}"
        trouble = None if trouble else f"it is possible now, so this is not so any more: {not_yet}"
    print(f"{'not ok' if trouble else 'ok'} {number} - {name}: {about} ({time.monotonic() - begin:.1f} s)", flush=True)
    for line in (trouble or "").splitlines():
        print(f"#   {line}", flush=True)
    return not trouble


def main():
    with open("/share/facts.json") as f:
        facts = json.load(f)
    stamping = stamped()
    air = Air(facts["stations"])
    host = Host(facts)
    for n, port in enumerate(facts["das"]):
        host.mpskctl("nas", "set", f"ap-{n}", "--quiet", "--coa-address=127.0.0.1", f"--coa-port={port}",
                     "--secret-file=-", text=facts["secret"] + "\n")
    if facts["capture"]:
        air.begin_capture()
    # Not all(): that would stop at the first one that fails.
    results = [play(name, number, air, host) for number, name in enumerate(facts["scenarios"], 1)]
    air.end_capture()
    print(f"1..{len(results)}", flush=True)
    with open(f"{OUT}/server.log", "w") as f:
        f.write(host.log()[0])
    stamping.close()
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
