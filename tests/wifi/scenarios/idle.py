# SPDX-License-Identifier: GPL-2.0-or-later
"""At the cap, a device that was not seen for long enough makes way for a new one, and no other."""

import time

from scenario import PATIENCE


def run(s):
    s.key("guests", "one-at-the-most", "--max=1", "--when-full=replace-idle", "--idle=1h")
    s.ap()
    s.joins(1, "one-at-the-most").leave()
    s.refused(2, "one-at-the-most", "CAP_REACHED")
    s.ctl("key", "edit", "guests", "--idle=1")
    end = time.monotonic() + PATIENCE
    while not s.attempt(2, "one-at-the-most").joined:
        s.check(time.monotonic() < end, "the new device is still refused")
    listed = s.ctl("device", "list", "guests")
    s.check(s.station(1).mac.replace(":", "-") not in listed, "the old device is still in the key's list")
    s.check(s.station(2).mac.replace(":", "-") in listed, "the new device is not in the key's list")
