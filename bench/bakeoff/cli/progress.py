"""Progress on standard error: a bar with cells done, failures and time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from bakeoff.model.units import show_seconds
from bakeoff.model.words import FAILURES

if TYPE_CHECKING:
    from bakeoff.model.record import Record

#: Seconds between two plain lines.
_EVERY = 15.0


def progress_for(title: str, *, quiet: bool = False) -> PlainProgress | BarProgress:
    """A bar where someone is looking, lines where it is a log."""
    if not quiet and sys.stderr.isatty():
        return BarProgress(title)
    return PlainProgress(title, quiet=quiet)


class PlainProgress:
    """A line at the start, every 15 seconds, for each failure, and at the end."""

    def __init__(self, title: str, *, quiet: bool = False) -> None:
        self.title, self.quiet = title, quiet
        self.total = self.done = self.failed = self.reused = 0
        self.began = self.last = time.monotonic()

    def start(self, total: int, reused: int) -> None:
        """Say what is to be done."""
        self.total, self.done, self.reused = total, reused, reused
        self.began = self.last = time.monotonic()
        note = f", {reused} of them finished before and reused" if reused else ""
        self._say(f"{self.title}: {total} cells{note}")

    def advance(self, record: Record) -> None:
        """Count a cell; say a failure at once."""
        self.done += 1
        if record.status in FAILURES:
            self.failed += 1
            place = f"{record.technique} on {record.dataset} {record.split}"
            self._say(f"{self.title}: {record.status} {place}: {record.reason}")
        now = time.monotonic()
        if now - self.last >= _EVERY:
            self.last = now
            self._say(f"{self.title}: {self.done}/{self.total} cells, {self.failed} failed{self._left(now)}")

    def stop(self) -> None:
        """Say how it ended."""
        spent = show_seconds(time.monotonic() - self.began)
        self._say(f"{self.title}: {self.done}/{self.total} cells, {self.failed} failed, {spent}")

    def _left(self, now: float) -> str:
        ran = self.done - self.reused
        if not ran:
            return ""
        return f", about {show_seconds((now - self.began) / ran * (self.total - self.done))} left"

    def _say(self, line: str) -> None:
        if not self.quiet:
            print(line, file=sys.stderr, flush=True)


class BarProgress:
    """rich's bar on standard error; failures scroll by above it."""

    def __init__(self, title: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        self.failed = 0
        self.title = title
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:.0f}/{task.total:.0f} cells"),
            TextColumn("[red]{task.fields[failed]} failed[/red]"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=False,
        )
        self.task: Any = None

    def start(self, total: int, reused: int) -> None:
        """Show the bar."""
        self.bar.start()
        self.task = self.bar.add_task(self.title, total=total, completed=reused, failed=0)
        if reused:
            self.bar.console.print(f"{self.title}: {reused} of {total} cells finished before and reused")

    def advance(self, record: Record) -> None:
        """Move it; print a failure above it."""
        from rich.markup import escape

        if record.status in FAILURES:
            self.failed += 1
            place = f"{record.technique} on {record.dataset} {record.split}"
            self.bar.console.print(f"[red]{record.status}[/red] {escape(place)}: {escape(record.reason)}")
        self.bar.update(self.task, advance=1, failed=self.failed)

    def stop(self) -> None:
        """Leave the bar as it stands."""
        self.bar.stop()
