# SPDX-License-Identifier: GPL-2.0-or-later
"""A server fails, and a second one of the same Redis takes over, with the same caps."""


def run(s):
    s.key("duo", "served-by-either", "--max=2")
    s.ap(labs=(0, 1))
    s.joins(1, "served-by-either")
    s.host.server("radius", "stop")
    try:
        # hostapd asks the next server after it has asked the first one for some seconds.
        s.joins(2, "served-by-either", seconds=60, stop=())
        s.refused(3, "served-by-either", seconds=30)
    finally:
        s.host.server("radius", "start")
