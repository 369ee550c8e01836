"""One segment as it grows: remembers how far it was read, and reads on from there.

Hands on headers and records, keeps what was wrong as sentences for people. Does not compare records.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path

from bakeoff.model.header import Header
from bakeoff.model.record import NewerSchema, Record
from bakeoff.store.layout import HEADER_LIMIT, RECORD_LIMIT, show_bytes
from bakeoff.store.lines import parse

#: Damaged lines of one segment that are told one by one; a file that is no segment would tell of thousands.
_TOLD = 10


@dataclass(slots=True)
class Tail:
    """What is known of one segment.

    size: as last seen. offset, number: end of what was read, in bytes and lines. headers: those read.
    rest: length of a last line without its newline: still being written, or torn.
    skipping: inside a line that is too long. newer: a later Bakeoff wrote it, nothing more is read.
    """

    path: Path
    size: int = -1
    offset: int = 0
    number: int = 0
    headers: list[Header] = field(default_factory=list)
    rest: int = 0
    skipping: bool = False
    newer: bool = False
    _problems: list[str] = field(default_factory=list)
    _untold: int = 0

    @property
    def problems(self) -> list[str]:
        """What was wrong, a sentence each, at most a handful."""
        if not self._untold:
            return self._problems
        return [*self._problems, f"{self.path}: and {self._untold} more damaged lines were left out"]

    def report(self, problem: str, line: int | None = None) -> None:
        """Note a problem of the segment or of one of its lines, once."""
        text = f"{self.path}{'' if line is None else f', line {line}'}: {problem}"
        if text in self._problems:
            return
        if line is not None and len(self._problems) >= _TOLD:
            self._untold += 1
        else:
            self._problems.append(text)

    def read(self, size: int, final: bool) -> list[Record]:
        """The records that came since the last call, up to `size` bytes; OSError if it cannot be read.

        final: nobody is writing any more, so a last line without newline is judged, too.
        """
        if size < self.offset:
            self._restart()
        records: list[Record] = []
        if not self.newer:
            with open(self.path, "rb") as file:
                file.seek(self.offset)
                for line in self._lines(file, size):
                    self._take(line, records)
                if final and self.rest:
                    self._judge(file, records)
        self.size = size
        return records

    def _restart(self) -> None:
        """A segment only grows; one that shrank was replaced, and is read again from its start."""
        self.__init__(self.path)  # type: ignore[misc]  # the fields' defaults are the fresh state
        self.report("it became shorter while it was being read, and was read again")

    def _lines(self, file: BufferedReader, size: int) -> Iterator[bytes]:
        """Whole lines; `offset` and `number` are those of the line handed out."""
        self.rest = 0
        while self.offset < size and not self.newer:
            line = file.readline(HEADER_LIMIT + 1)
            whole = line.endswith(b"\n")
            if not whole and len(line) <= HEADER_LIMIT:
                self.rest = 0 if self.skipping else len(line)
                return
            self.offset += len(line)
            fresh, self.skipping = not self.skipping, not whole
            self.number += fresh
            if fresh and whole:
                yield line
            elif fresh:
                self.report(f"longer than {HEADER_LIMIT >> 20} MiB; left out", self.number)

    def _take(self, line: bytes, records: list[Record]) -> None:
        try:
            found = parse(line)
            if isinstance(found, Record):
                if len(line) > RECORD_LIMIT:
                    raise ValueError(f"longer than {RECORD_LIMIT >> 20} MiB")
                if self.number == 1:
                    self.report("it has no header; its records are read all the same")
                records.append(found)
            elif found is not None:
                self.headers.append(found)
        except NewerSchema as error:
            self.newer = True
            self.report(f"{error}; its records from line {self.number} on are left out. Upgrade bakeoff.")
        except ValueError as error:
            self.report(f"{error}; left out", self.number)

    def _judge(self, file: BufferedReader, records: list[Record]) -> None:
        """The last line has no newline: whole all the same, as an editor leaves it, or torn."""
        file.seek(self.offset)
        line = file.read(self.rest)
        try:
            parse(line)
        except ValueError:
            self.report(
                f"the last line is torn ({show_bytes(len(line))} left out): its writer was killed, "
                "or is still at it"
            )
            return
        self.number += 1
        self.offset += len(line)
        self.rest = 0
        self._take(line, records)
