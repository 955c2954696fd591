# SPDX-License-Identifier: GPL-2.0-or-later
"""Twenty stations join at once, beside a flood of wrong keys."""

import threading

COUNT = 20


def flood(s, said):
    said.append(s.host.radmpsk(f"--ssid-hex={s.ssid.hex()}", "--wrong", "--macs=random", "--count=1000", "--rate=100"))


def run(s):
    for n in range(1, COUNT + 1):
        s.key(f"flat-{n}", f"passphrase-of-flat-{n}", f"--vlan={100 + n % 3}")
    ap = s.ap(beacon_int=200)
    stations = [s.station(n) for n in range(1, COUNT + 1)]
    said = []
    thread = threading.Thread(target=flood, args=(s, said))
    thread.start()
    for n, station in enumerate(stations, 1):
        station.start(s.ssid, f"passphrase-of-flat-{n}")
    results = [station.finish(180, stop=()) for station in stations]
    thread.join()
    late = [n for n, result in enumerate(results, 1) if not result.joined]
    s.check(not late, f"not joined: stations {late}; the server: {s.last_refusal()}")
    wrong = [n for n, station in enumerate(stations, 1) if ap.vlan(station.mac) != 100 + n % 3]
    s.check(not wrong, f"in a wrong VLAN: stations {wrong}")
