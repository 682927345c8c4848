"""How well fair play tells fakes from honest nominations: python -m tests.bench.fairplay [--honest 4000] [--fakes 400]

Simulates a cycle: honest people (families, whole classes writing from one network, couples who share a text, people who
paste what they wrote elsewhere, a parents' group with a suggested wording, popular names with birth years in their
addresses) and seven kinds of fakes, of which one is careful enough to look like anybody. Prints the share flagged of
each kind, for several seeds, through the product's own function. The aim: at least 95 % of the fakes, at most 1 % of
the honest.
"""

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from portal.nominations.fairplay import FLAGGED, SHARED, Sent, judge, points, shingles, sketch, stem, the_same_box
from tests.bench.fairwords import copied, honest_story, paraphrased

OPENED = datetime(2026, 10, 1, 12, tzinfo=UTC)
DAYS = 60
GIVEN = (
    "maria",
    "jose",
    "ana",
    "james",
    "linda",
    "wei",
    "fatima",
    "tyrone",
    "olga",
    "minh",
    "grace",
    "kofi",
    "ines",
    "sam",
)
FAMILY = ("garcia", "smith", "nguyen", "okafor", "lee", "brown", "lopez", "kim", "patel", "davis", "moreno", "haddad")
HOSTS = ("gmail.com", "yahoo.com", "outlook.com", "icloud.com", "aol.com", "comcast.net")


@dataclass(frozen=True)
class Made:
    """One simulated nomination and what it is: "honest: ..." or "fake: ..."."""

    kind: str
    sent: Sent


class Season:
    """Makes the nominations of one simulated cycle."""

    def __init__(self, seed: int, honest: int, fakes: int) -> None:
        self.rng, self.made, self.files = random.Random(seed), [], max(40, honest // 12)  # type: ignore[var-annotated]
        self._honest(honest)
        self._fakes(fakes)

    def add(self, kind: str, story: str, **known: object) -> None:
        rng = self.rng
        values = {
            "file_id": rng.randrange(self.files), "at": self.moment(), "address": self.address(),
            "network": f"home-{rng.randrange(10**6)}", "seconds": int(rng.lognormvariate(5.7, 0.6)) + 45,
        } | known  # fmt: skip
        self.made.append(Made(kind, Sent(id=len(self.made), runs=shingles(story), **values)))  # type: ignore[arg-type]

    def moment(self) -> datetime:
        """Some moment of the season; a third of them in the last two days."""
        late = self.rng.random() < 0.33
        return OPENED + timedelta(days=self.rng.uniform(DAYS - 2 if late else 0, DAYS))

    def address(self) -> str:
        """A usual address: a name, often with a birth year or a short number."""
        rng = self.rng
        name = rng.choice(GIVEN) + rng.choice(("", ".", "_")) + rng.choice((rng.choice(FAMILY), ""))
        number = rng.choice(("", "", str(rng.randrange(1955, 2012)), str(rng.randrange(1, 100))))
        return f"{name}{number}{'' if number else rng.randrange(10**4)}@{rng.choice(HOSTS)}"

    def _honest(self, count: int) -> None:
        rng, wanted = self.rng, count
        for _group in range(max(1, count // 1000)):  # a parents' group that suggested a wording
            file, text = rng.randrange(self.files), honest_story(rng)
            for _parent in range(6):
                self.add("honest: suggested wording", paraphrased(rng, text, 0.25), file_id=file)
        for lab in range(count // 160):  # a class in the computer room: one school network, one teacher, one hour
            file, begin = rng.randrange(self.files), self.moment()
            for _pupil in range(20):
                at = begin + timedelta(minutes=rng.uniform(0, 25))
                self.add("honest: a class", honest_story(rng), file_id=file, at=at, network=f"school-{lab}",
                         address=f"s{rng.randrange(10**6, 10**7)}@students.example.org",
                         seconds=int(rng.uniform(150, 1400)))  # fmt: skip
        for _couple in range(count // 80):
            file, text = rng.randrange(self.files), honest_story(rng)
            self.add("honest: a couple", text, file_id=file)
            self.add("honest: a couple", paraphrased(rng, text, 0.1), file_id=file)
        for _paste in range(count // 50):
            self.add("honest: pasted from elsewhere", honest_story(rng), seconds=int(rng.uniform(28, 70)))
        for _twice in range(count // 80):  # one person honors two educators, partly in the same words
            address, text = self.address(), honest_story(rng)
            self.add("honest: two educators", text, address=address)
            self.add("honest: two educators", paraphrased(rng, text, 0.3), address=address)
        while len(self.made) < wanted:
            self.add("honest: one person", honest_story(rng))

    def _fakes(self, count: int) -> None:
        shares = (("copy", 0.2), ("template", 0.28), ("script", 0.15), ("one box", 0.14), ("series", 0.12),
                  ("trap", 0.08), ("careful", 0.03))  # fmt: skip
        for kind, share in shares:
            getattr(self, "_" + kind.replace(" ", "_"))(f"fake: {kind}", round(count * share))

    def _runs(self, count: int, size: int) -> list[int]:
        return [min(size, count - begun) for begun in range(0, count, size)]

    def _copy(self, kind: str, count: int) -> None:
        for size in self._runs(count, 12):  # somebody pastes one text under many names, at a human pace
            file, text, network = self.rng.randrange(self.files), honest_story(self.rng), f"fake-{self.rng.random()}"
            for _each in range(size):
                self.add(kind, copied(self.rng, text), file_id=file, network=network)

    def _template(self, kind: str, count: int) -> None:
        for size in self._runs(count, 16):  # slots of a template are filled anew, from changing networks, for days
            file, text = self.rng.randrange(self.files), honest_story(self.rng)
            for _each in range(size):
                self.add(kind, paraphrased(self.rng, text, 0.3), file_id=file)

    def _script(self, kind: str, count: int) -> None:
        for size in self._runs(count, 20):  # every text its own, but no person fills in five pages in ten seconds
            file, begin = self.rng.randrange(self.files), self.moment()
            for _each in range(size):
                at = begin + timedelta(minutes=self.rng.uniform(0, 40))
                self.add(kind, honest_story(self.rng), file_id=file, at=at, seconds=int(self.rng.uniform(2, 16)))

    def _one_box(self, kind: str, count: int) -> None:
        for size in self._runs(count, 8):
            file, name = self.rng.randrange(self.files), f"fan{self.rng.randrange(10**5)}"
            for each in range(size):
                at = each % len(name) + 1
                plain = name[:at] + "." + name[at:] if each % 2 else f"{name}+{each}"
                self.add(kind, honest_story(self.rng), file_id=file, address=f"{plain}@gmail.com")

    def _series(self, kind: str, count: int) -> None:
        for size in self._runs(count, 10):
            file, name = (
                self.rng.randrange(self.files),
                f"voter{self.rng.choice('abcdefgh')}{self.rng.choice('klmnop')}",
            )
            for each in range(size):
                self.add(kind, honest_story(self.rng), file_id=file, address=f"{name}{each + 1:02}@mail.example")

    def _trap(self, kind: str, count: int) -> None:
        for _each in range(count):
            self.add(kind, honest_story(self.rng), trapped=True, links=self.rng.randrange(4))

    def _careful(self, kind: str, count: int) -> None:
        for _each in range(count):
            self.add(kind, honest_story(self.rng))


def flagged(made: Sequence[Made]) -> Counter[str]:
    """How many of each kind are flagged, finding the comparable ones as the database does: by shared keys."""
    keys: dict[object, set[int]] = defaultdict(set)
    prints = [sketch(each.sent.runs) for each in made]
    for at, each in enumerate(made):
        one = each.sent
        for key in (
            *prints[at],
            ("box", the_same_box(one.address)),
            ("stem", stem(one.address)),
            ("at", one.network, one.file_id),
        ):
            keys[key].add(at)
    found: Counter[str] = Counter()
    for at, each in enumerate(made):
        one = each.sent
        shared = Counter(other for value in prints[at] for other in keys[value])
        near = {other for other, count in shared.items() if count >= SHARED}
        near |= keys[("box", the_same_box(one.address))] | keys[("at", one.network, one.file_id)]
        near |= keys[("stem", stem(one.address))] if stem(one.address) else set()
        found[each.kind] += points(judge(one, [made[other].sent for other in near])) >= FLAGGED
    return found


def share_flagged(seed: int, honest: int, fakes: int) -> tuple[float, float, dict[str, tuple[int, int]]]:
    """(share of fakes flagged, share of honest ones flagged, kind -> (flagged, made)) of one simulated season."""
    made = Season(seed, honest, fakes).made
    totals, found = Counter(each.kind for each in made), flagged(made)
    table = {kind: (found[kind], total) for kind, total in totals.items()}

    def share(start: str) -> float:
        of = [pair for kind, pair in table.items() if kind.startswith(start)]
        return sum(hit for hit, _total in of) / sum(total for _hit, total in of)

    return share("fake"), share("honest"), table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--honest", type=int, default=4000)
    parser.add_argument("--fakes", type=int, default=400)
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    runs = [share_flagged(seed, given.honest, given.fakes) for seed in range(1, given.seeds + 1)]
    print("| kind | flagged | of |\n| --- | --- | --- |")
    for kind in sorted(runs[0][2]):
        hit, total = (sum(run[2][kind][i] for run in runs) for i in (0, 1))
        print(f"| {kind} | {hit} | {total} |")
    caught, wronged = [run[0] for run in runs], [run[1] for run in runs]
    print(
        f"\nOf the fakes flagged: {100 * median(caught):.1f} % "
        f"(worst of {len(runs)} seasons {100 * min(caught):.1f} %; aim at least 95 %)."
    )
    print(f"Of the honest flagged: {100 * median(wronged):.2f} % (worst {100 * max(wronged):.2f} %; aim at most 1 %).")


if __name__ == "__main__":
    main()
