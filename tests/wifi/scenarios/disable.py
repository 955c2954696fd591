# SPDX-License-Identifier: GPL-2.0-or-later
"""A disabled key lets nobody in, and an enabled one does again."""


def run(s):
    s.key("bob", "on-and-off-again")
    s.ap()
    s.joins(1, "on-and-off-again").leave()
    s.ctl("key", "disable", "bob")
    s.refused(1, "on-and-off-again", "DISABLED")
    s.refused(2, "on-and-off-again", "DISABLED")
    s.ctl("key", "enable", "bob")
    s.joins(1, "on-and-off-again")
