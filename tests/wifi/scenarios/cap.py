# SPDX-License-Identifier: GPL-2.0-or-later
"""Of a key with a cap of 2, a third device is refused; once one is forgotten, it gets in."""


def run(s):
    s.key("duo", "two-at-the-most", "--max=2")
    s.ap()
    first = s.joins(1, "two-at-the-most")
    s.joins(2, "two-at-the-most")
    s.refused(3, "two-at-the-most", "CAP_REACHED")
    first.leave()
    s.ctl("device", "forget", "duo", first.mac)
    s.joins(3, "two-at-the-most")
    s.refused(1, "two-at-the-most", "CAP_REACHED")
