"""A loop whose clock stands still while it runs, and jumps to the next deadline when nothing can come from outside.

Input: what asyncio's own loop is given. Output: the same turns in the same order. Invariant: nothing but the clock is another one.
"""

import asyncio
import selectors
import threading


class Selector(selectors.DefaultSelector):
    now = 0.0

    def select(self, timeout=None):
        # The loop has one source of its own, by which threads and signals wake it.
        is_alone = len(self.get_map()) == 1 and threading.active_count() == 1
        events = super().select(0 if is_alone and timeout is not None else timeout)
        if not events and timeout is not None:
            self.now += timeout
        return events


class Loop(asyncio.SelectorEventLoop):
    def __init__(self):
        self.selector = Selector()
        super().__init__(self.selector)
        # Above the precision of what `time` gives, so that a deadline that the clock has jumped to has passed.
        self._clock_resolution = 1e-6

    def time(self):
        return self.selector.now
