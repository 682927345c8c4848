"""Words for simulated nominations: stories no two of which are alike, copies, and templates filled in anew."""

import random

WHO = (
    "my son", "our daughter", "a boy from the second row", "my niece", "the quiet twins",
    "a girl who had just moved here", "our youngest", "my grandson", "half of the soccer team", "the new students",
    "my best friend", "a child with a stutter", "our neighbor’s boy", "the whole third period",
    "a senior who had given up", "my little brother",
)  # fmt: skip
DID = (
    "read", "built", "painted", "counted", "sang", "wrote down", "explained", "measured", "translated", "acted out",
    "programmed", "cooked", "sorted", "debated", "filmed", "planted", "repaired", "photographed",
)  # fmt: skip
WHAT = (
    "a bridge of paper", "the story of a grandfather", "fractions with oranges", "a play about the river",
    "the bus routes", "a letter to the mayor", "every bone of the hand", "three kinds of bread",
    "the map of our street", "a robot that failed", "poems on the window", "a weather station",
    "the budget of a bakery", "songs from home", "the rules of a new game", "a museum in the hallway",
    "an interview with the janitor", "the phases of the moon",
)  # fmt: skip
WHEN = (
    "before the bell", "on Mondays", "in the week of the storm", "after lunch", "during the long winter",
    "at seven in the morning", "when nobody watched", "in front of the parents", "for six weeks", "on the last day",
    "every other Friday", "that spring", "while the heating was broken", "between two tests", "on the bus home",
    "the night of the fair",
)  # fmt: skip
SO = (
    "stopped being afraid of", "asked for more of", "began to teach others", "stayed late for",
    "forgot the phone over", "laughed about", "wanted to show me", "argued kindly about", "dreamed of",
    "kept a notebook of", "came early for", "explained at dinner", "found a mistake in", "was proud of",
    "saved money for", "wrote home about",
)  # fmt: skip
HOW = (
    "with a timer and a smile", "without raising a voice", "sitting on the floor", "in two languages",
    "with a box of buttons", "by asking one more question", "step by step", "using only chalk", "like a detective",
    "with help from the cook", "over and over", "as if there were all the time in the world", "with music on",
    "in pairs", "from memory", "backwards",
)  # fmt: skip
TIE = (
    "I will not forget that", "You could see it in the hallway", "Nobody had tried this before", "It still works",
    "We talk about it at home", "The others noticed", "It cost nothing but patience",
    "That changed the mood of the year", "I was skeptical", "Now it is a habit", "The principal came to look",
    "Even the loud ones listened", "She says it was luck", "He calls it homework", "It took months",
    "The test scores went up by a third",
)  # fmt: skip
SPARE = (
    "really", "surely", "in fact", "I think", "of course", "as I said", "honestly", "indeed", "again", "even",
    "often", "then",
)  # fmt: skip


def _sentence(rng: random.Random) -> str:
    """One of a few hundred million sentences."""
    who, did, what, when, so, how = (rng.choice(words) for words in (WHO, DID, WHAT, WHEN, SO, HOW))
    forms = (
        f"{when} {who} {did} {what} {how}",
        f"{who} {so} {what} {when}",
        f"{how} they {did} {what}, and {who} {so} it {when}",
        f"I saw {who} {when}: {what}, {did} {how}",
        f"{rng.choice(TIE)}: {what} {when}, {how}",
        f"thanks to this {what} was {did} {when}, and {who} {so} it",
    )
    text = rng.choice(forms)
    if rng.random() < 0.5:
        text += f", {rng.randrange(2, 40)} times by {rng.choice(('May', 'June', 'fall', 'Easter', 'the break', 'now'))}"
    return text[:1].upper() + text[1:] + "."


def honest_story(rng: random.Random) -> str:
    """Four to nine sentences."""
    return " ".join(_sentence(rng) for _each in range(rng.randrange(4, 10)))


def copied(rng: random.Random, text: str) -> str:
    """The same text with a word put in here or there, as people do who think it hides something."""
    words = text.split()
    for _time in range(rng.randrange(4)):
        words.insert(rng.randrange(len(words)), rng.choice(SPARE))
    return " ".join(words)


def paraphrased(rng: random.Random, text: str, share: float) -> str:
    """The same text with this share of its sentences written anew, in the same order, and a spare word."""
    parts = [part.strip() for part in text.split(".") if part.strip()]
    changed = [_sentence(rng).rstrip(".") if rng.random() < share else part for part in parts]
    return copied(rng, ". ".join(changed) + ".")
