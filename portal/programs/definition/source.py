"""Where each value of a TOML text stands: tomllib tells what a file says, this tells on which line it says so."""

from __future__ import annotations

Path = tuple[str | int, ...]
Lines = dict[Path, int]


def line_of(lines: Lines, path: Path) -> int:
    """The line (from 1) of the value at `path`, or of the nearest thing around it; 1 for the file itself."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return 1


def lines_of(text: str) -> Lines:
    """Every table, key and array item of a TOML text that tomllib has accepted, with its line."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


class _Scanner:
    """Walks a text that is known to be valid TOML, so it need not say what is wrong with it."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.line = 1
        self.lines: Lines = {}
        self.counts: dict[Path, int] = {}  # how many [[tables]] of each name so far

    def document(self) -> None:
        table: Path = ()
        while self._skip(blank=" \t\n"):
            if self._take("[["):
                table = self._header(self._key(), many=True)
                self._forward(2)
            elif self._take("["):
                table = self._header(self._key(), many=False)
                self._forward(1)
            else:
                self._pair(table)

    def _header(self, parts: list[str], *, many: bool) -> Path:
        path: Path = ()
        for number, part in enumerate(parts):
            path = (*path, part)
            last = number == len(parts) - 1
            if last and many:
                self.counts[path] = self.counts.get(path, 0) + 1
                self.lines.setdefault(path, self.line)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        self.lines[path] = self.line
        return path

    def _pair(self, table: Path) -> None:
        start = self.line
        path = table
        for part in self._key():
            path = (*path, part)
            self.lines.setdefault(path, start)
        self._skip(blank=" \t")
        self._forward(1)  # the equals sign
        self._skip(blank=" \t")
        self._value(path)

    def _value(self, path: Path) -> None:
        self.lines.setdefault(path, self.line)
        if self._take("["):
            number = 0
            while self._skip(blank=" \t\n,") and not self._take("]"):
                self._value((*path, number))
                number += 1
        elif self._take("{"):
            while self._skip(blank=" \t\n,") and not self._take("}"):
                self._pair(path)
        elif self.text[self.at] in "\"'":
            self._string()
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}\n#":
                self._forward(1)

    def _string(self) -> str:
        quote = self.text[self.at]
        mark = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        self._forward(len(mark))
        start = self.at
        while not self.text.startswith(mark, self.at):
            self._forward(2 if quote == '"' and self.text[self.at] == "\\" else 1)
        found = self.text[start : self.at]
        self._forward(len(mark))
        while len(mark) == 3 and self.text.startswith(quote, self.at):  # the text may end in one or two quotes
            self._forward(1)
        return found

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._skip(blank=" \t")
            if self.text[self.at] in "\"'":
                parts.append(self._string())
            else:
                start = self.at
                while self.text[self.at] not in " \t.=]":
                    self._forward(1)
                parts.append(self.text[start : self.at])
            self._skip(blank=" \t")
            if not self._take("."):
                return parts

    def _skip(self, *, blank: str) -> bool:
        """Over blanks (and comments, where a line may end); whether anything is left."""
        while self.at < len(self.text):
            if self.text[self.at] in blank:
                self._forward(1)
            elif self.text[self.at] == "#" and "\n" in blank:
                while self.at < len(self.text) and self.text[self.at] != "\n":
                    self._forward(1)
            else:
                return True
        return False

    def _take(self, mark: str) -> bool:
        if not self.text.startswith(mark, self.at):
            return False
        self._forward(len(mark))
        return True

    def _forward(self, steps: int) -> None:
        self.line += self.text.count("\n", self.at, self.at + steps)
        self.at += steps
