# SPDX-License-Identifier: GPL-2.0-or-later
"""A server fails, and the access point asks its second one."""

NOT_YET = "hostapd 2.11 asks a second server after 45 s, and drops the request with its station, which waits 10 s"


def run(s):
    s.key("bob", "served-by-either")
    s.ap(labs=(0, 1))
    s.joins(1, "served-by-either").leave()
    s.host.server("radius", "stop")
    try:
        s.check(s.attempt(1, "served-by-either", seconds=60, stop=()).joined, "nobody was asked")
    finally:
        s.host.server("radius", "start")
