# SPDX-License-Identifier: GPL-2.0-or-later
"""A server fails; an access point that asks a second one of the same Redis goes on, with the same devices and caps."""


def run(s):
    s.key("duo", "served-by-either", "--max=2")
    first = s.ap(0, labs=(0,))
    s.joins(1, "served-by-either").leave()
    s.end_ap(first)
    s.host.server("radius", "stop")
    try:
        s.ap(1, labs=(1,))
        s.joins(1, "served-by-either")
        s.joins(2, "served-by-either")
        s.refused(3, "served-by-either", "CAP_REACHED", lab=1)
    finally:
        s.host.server("radius", "start")
