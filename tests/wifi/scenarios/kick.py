# SPDX-License-Identifier: GPL-2.0-or-later
"""A device that is kicked is sent away, and comes back by itself: nothing was revoked."""


def run(s):
    s.key("bob", "sent-away-for-once")
    s.ap()
    station = s.joins(1, "sent-away-for-once")
    s.is_counted("bob")
    station.ctrl.forget_events()
    s.host.mpskctl("kick", station.mac)
    s.comes_back(station, 60, "the device that was kicked")
