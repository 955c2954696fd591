# SPDX-License-Identifier: GPL-2.0-or-later
"""A device that is kicked is sent away, and comes back by itself: nothing was revoked."""


def run(s):
    s.key("bob", "sent-away-for-once")
    s.ap()
    station = s.joins(1, "sent-away-for-once")
    s.is_counted("bob")
    station.ctrl.forget_events()
    s.host.mpskctl("kick", station.mac)
    heard = [event for event in station.ctrl.events(8) if event.startswith(("CTRL-EVENT-DISC", "CTRL-EVENT-CONN"))]
    s.check(any("DISCONNECTED" in event for event in heard), f"nothing sent it away: {heard}")
    s.check(not station.is_off(), f"it is not back: {heard}")
