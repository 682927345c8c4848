"""The clients: nominators who send whole nominations and readers who score, each trying again until it is answered."""

import random
import re
import threading
from collections.abc import Callable
from functools import partial
from itertools import count

from tests.endurance.ledger import Ledger, Sent
from tests.endurance.scene import Scene
from tests.endurance.visitor import Answer, Interrupted, Visitor
from tests.review.stage import KEYS

STORY = "She gave my daughter a job instead of a warning: one question a day, written at home, read aloud in class."
START = re.compile(r'name="start"[^>]*value="([^"]+)"')
RECEIPT = re.compile(r'<p class="fig num">([A-Z0-9]{4}-[A-Z0-9]{4})</p>')
TOGETHER = 3  # nominators of the same educator, so that files are found and made at once
GIVE_UP = 400  # tries of one request


class Clients:
    """Threads that ask as long as `going` is set, and rest while the server is known to be down."""

    def __init__(self, scene: Scene, port: int, ledger: Ledger, *, nominators: int = 3, seed: int = 0) -> None:
        self.scene, self.port, self.ledger = scene, port, ledger
        self.up, self.going = threading.Event(), threading.Event()
        self.going.set()
        self._serial = count()
        jobs: list[Callable[[random.Random], None]] = [self._nominate] * nominators
        jobs += [partial(self._read, who=name) for name in scene.cookies]
        self.threads = [
            threading.Thread(target=job, args=(random.Random(seed * 100 + i),), daemon=True)
            for i, job in enumerate(jobs)
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def finish(self) -> None:
        """Lets everybody bring what was begun to its end, then rest."""
        self.going.clear()
        for thread in self.threads:
            thread.join(120)
            if thread.is_alive():
                self.ledger.surprise("a client did not come to an end")

    def again(self, ask: Callable[[], Answer]) -> Answer:
        """Asks until a whole answer comes: what was interrupted is sent again, word for word."""
        for _try in range(GIVE_UP):
            self.up.wait(120)
            try:
                answer = ask()
            except Interrupted:
                with self.ledger.lock:
                    self.ledger.counts["tries again"] += 1
                threading.Event().wait(0.02)
                continue
            with self.ledger.lock:
                self.ledger.counts["answers"] += 1
            return answer
        raise RuntimeError("the server never answered")

    def _nominate(self, rng: random.Random) -> None:
        while self.going.is_set():
            with self.ledger.lock:
                number = next(self._serial)
                sent = Sent(f"Educator {_words(number // TOGETHER)}", f"nominator{number}@example.org")
                self.ledger.nominations.append(sent)
            visitor = Visitor(self.port)
            try:
                Nominating(self, visitor, sent).whole()
            except Unexpected as error:
                self.ledger.surprise(f"{sent.address}: {error}")
            finally:
                visitor.close()

    def _read(self, rng: random.Random, who: str) -> None:
        visitor = Visitor(self.port, self.scene.cookies[who])
        reader = Reading(self, visitor, self.scene.assignments[who], rng)
        try:
            self.again(lambda: visitor.get("/account"))  # a page with the token
            while self.going.is_set():
                reader.something()
        except Unexpected as error:
            self.ledger.surprise(f"{who}: {error}")
        finally:
            visitor.close()


class Unexpected(Exception):
    """An answer that nobody should get."""


def expect(answer: Answer, status: int, what: str) -> Answer:
    """The answer, if it has this status."""
    if answer.status != status:
        raise Unexpected(f"{what} was answered with {answer.status} {answer.location}")
    return answer


def _words(number: int) -> str:
    """A number as letters: names hold no digits."""
    letters = ""
    while True:
        number, at = divmod(number, 26)
        letters += chr(ord("a") + at)
        if not number:
            return letters.title()


class Nominating:
    """One nominator on the way through the form. Every step may be interrupted and is then sent again."""

    def __init__(self, clients: Clients, visitor: Visitor, sent: Sent) -> None:
        self.clients, self.visitor, self.sent = clients, visitor, sent
        self.base = f"/awards/{clients.scene.slug}/nominate"

    def steps(self) -> dict[str, dict[str, str]]:
        """What is typed, step by step."""
        return {
            "educator": {"educator": self.sent.educator, "school": "Cascade Elementary", "position": "teacher"},
            "you": {"relation": "colleague_school", "known_for": "2 years", "tie": "no"},
            "story": {"story": f"{STORY} ({self.sent.address})"},
            "name": {"name": "Nora Example", "email": self.sent.address, "sharing": "relation"},
        }

    def whole(self) -> None:
        again, visitor, ledger = self.clients.again, self.visitor, self.clients.ledger
        page = expect(again(lambda: visitor.get(self.base)), 200, "the first page")
        found = START.search(page.body)
        if not found:
            raise Unexpected("the first page holds no id for the draft")
        begin = {"age": "adult", "start": found.group(1)}
        own = expect(again(lambda: visitor.post(self.base, begin)), 303, "beginning").location.rsplit("/", 1)[0]
        with ledger.lock:
            self.sent.public_id = own.rsplit("/", 1)[1]
        for step, fields in self.steps().items():
            expect(again(partial(visitor.post, f"{own}/{step}", {**fields, "go": "next"})), 303, step)
            with ledger.lock:
                self.sent.kept |= fields
                ledger.counts["steps"] += 1
        answer = expect(again(lambda: visitor.post(f"{own}/send", {})), 303, "sending")
        if not answer.location.endswith("/sent"):
            raise Unexpected(f"sending led to {answer.location}")
        page = expect(again(lambda: visitor.get(answer.location)), 200, "the receipt")
        code = RECEIPT.search(page.body)
        if not code:
            raise Unexpected("the page after sending shows no receipt")
        with ledger.lock:
            self.sent.receipt = code.group(1)
            ledger.counts["nominations"] += 1


class Reading:
    """One reader: saves a criterion of some file, now and then hands the whole sheet in."""

    def __init__(self, clients: Clients, visitor: Visitor, assignments: list[str], rng: random.Random) -> None:
        self.clients, self.visitor, self.assignments, self.rng = clients, visitor, assignments, rng

    def something(self) -> None:
        assignment, key = self.rng.choice(self.assignments), self.rng.choice(KEYS)
        if self.rng.random() < 0.2:
            self.hand_in(assignment, key)
        else:
            self.save(assignment, key)

    def save(self, assignment: str, key: str) -> None:
        ledger = self.clients.ledger
        with ledger.lock:
            serial = ledger.scores[assignment, key]
            serial.asked += 1
        fields = line(key, serial.asked)
        url = f"/assignments/{assignment}/scores/{key}"
        expect(self.clients.again(lambda: self.visitor.post(url, fields, hx=True)), 200, "saving a score")
        with ledger.lock:
            serial.answered = serial.asked
            ledger.counts["scores"] += 1

    def hand_in(self, assignment: str, key: str) -> None:
        """Hands in the sheet as it stands, with one criterion changed (and the untouched ones filled in)."""
        ledger = self.clients.ledger
        with ledger.lock:
            serials = {each: ledger.scores[assignment, each] for each in KEYS}
            for each, serial in serials.items():
                serial.asked += each == key or not serial.asked
            whole = ledger.handed_in[assignment]
            whole.asked += 1
            fields = {name: value for each in KEYS for name, value in line(each, serials[each].asked).items()}
        fields["act"] = "submit"
        url = f"/assignments/{assignment}"
        expect(self.clients.again(lambda: self.visitor.post(url, fields)), 303, "handing in")
        with ledger.lock:
            whole.answered = whole.asked
            ledger.counts["reviews handed in"] += 1
            for serial in serials.values():
                serial.answered = serial.asked


def level_of(serial: int) -> int:
    """The level that goes with a serial, so that a mixture of two saves would show."""
    return 1 + serial % 4


def evidence_of(serial: int) -> str:
    return f"Read aloud, line {serial}"


def line(key: str, serial: int) -> dict[str, str]:
    """The fields of one criterion."""
    return {f"level-{key}": str(level_of(serial)), f"evidence-{key}": evidence_of(serial), f"seen-{key}": ""}
