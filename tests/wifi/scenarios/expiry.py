# SPDX-License-Identifier: GPL-2.0-or-later
"""A key expires while its device is connected: the device is off in time, and stays off."""


def run(s):
    s.key("guest", "for-some-seconds")
    s.ap()
    # Where the machine is slow, the key has expired before the device is on.
    for seconds in (15, 45, 90):
        s.ctl("key", "edit", "guest", f"--expires=+{seconds}s")
        if s.attempt(1, "for-some-seconds").joined:
            break
    station = s.station(1)
    s.check(not station.is_off(), f"the device did not join; the server: {s.last_refusal()}")
    s.off_within(station, seconds + 10, "the device is still on after its key has expired")
    s.stays_off(station, 3, "the device is on again with a key that has expired")
    s.refused(2, "for-some-seconds", "EXPIRED")
