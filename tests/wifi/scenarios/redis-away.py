# SPDX-License-Identifier: GPL-2.0-or-later
"""Redis stops while stations join: known devices get in, and when it is back so do new ones."""


def run(s):
    s.key("bob", "known-before-it-broke")
    s.ap()
    s.joins(1, "known-before-it-broke").leave()
    s.host.server("redis", "pause")
    try:
        s.joins(1, "known-before-it-broke").leave()
        s.refused(2, "never-a-passphrase")
    finally:
        s.host.server("redis", "resume")
    s.joins(3, "known-before-it-broke")
