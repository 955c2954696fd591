# SPDX-License-Identifier: GPL-2.0-or-later
"""A key expires while its device is connected: the device is off in time, and stays off."""


def run(s):
    s.key("guest", "for-some-seconds", "--expires=+15s")
    s.ap()
    station = s.joins(1, "for-some-seconds", seconds=12)
    s.off_within(station, 25, "the device is still on after its key has expired")
    s.stays_off(station, 3, "the device is on again with a key that has expired")
    s.refused(2, "for-some-seconds", "EXPIRED")
