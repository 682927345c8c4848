"""One act on many files: previewed, begun once, worked through some files a transaction, and taken back.

Safe to stop anywhere and to work on twice, also at once: whoever works holds the act's row, and what became of a file
is written in the transaction that did it. The set of files is the preview's; one that has changed since is skipped.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update

from portal.accounts.models import Person
from portal.core import jobs
from portal.core.access import demand, may
from portal.core.clock import now
from portal.core.db import batches, db, sweep
from portal.core.errors import Mistaken
from portal.core.marks import mark_of
from portal.core.moves import move
from portal.nominations.actions.bulk_acts import ACTS, Act, Task
from portal.nominations.models import BulkAct, BulkItem
from portal.nominations.queries import bulk as queries
from portal.nominations.rules import BULK
from portal.nominations.rules import bulk as rules
from portal.programs.models import Cycle

PORTION = 100  # files a transaction: others write in between, and little is done anew after a kill
JOB, UNDO_JOB = "nominations.bulk", "nominations.bulk_undo"
Planned = list[dict[str, Any]]


def plan(cycle: Cycle, act: Act, file_ids: Sequence[int]) -> Planned:
    """What would become of each of these files, in this order. Reads only: no lock is held meanwhile."""
    planned: dict[int, dict[str, Any]] = {}
    for some in batches(file_ids):
        for seen in queries.seen_of(cycle, queries.loaded(some)):
            why, mark = act.why_not(seen), mark_of(seen.file, act.seen)
            planned[seen.file.id] = {"state": "left" if why else "will", "why": why, "mark": "" if why else mark}
    return [{"file_id": number, **planned[number]} for number in file_ids if number in planned]


def keep(by: Any, cycle: Cycle, act: Act, planned: Planned) -> BulkAct:
    """Keeps the preview: these files, and no other, are what its button is for."""
    demand(by, act.permission, cycle)
    if not planned:
        raise Mistaken(_("None of these files is there any more. Choose again."))
    states = [each["state"] for each in planned]
    counts = {state: states.count(state) for state in dict.fromkeys(states)}
    kept = BulkAct(program_id=cycle.program_id, cycle_id=cycle.id, act=act.name, by_id=by.id, counts=counts)
    db.session.add(kept)
    db.session.flush()
    db.session.execute(insert(BulkItem), [{"bulk_id": kept.id, "before": {}, **each} for each in planned])
    return kept


def start(by: Any, bulk_id: int, given: Mapping[str, Any]) -> bool:
    """Begins what was previewed; False when it was begun before: pressed twice, it is done once."""
    bulk = _locked(bulk_id)
    act = ACTS[bulk.act]
    demand(by, act.permission, bulk.cycle)
    if bulk.state != "previewed":
        return False
    moment = now()
    until = moment + (rules.HOLD if act.letters else rules.UNDO)
    changes = {"given": dict(given), "by_id": by.id, "started_at": moment, "undo_until": until}
    move(BULK, "start", bulk, by, changes=changes, act=act.name, files=bulk.counts.get("will", 0))
    ask_for_work(bulk)
    return True


def ask_for_work(bulk: BulkAct) -> None:
    """Has the worker take it up; it takes over, too, when whoever began is stopped midway."""
    name = {"running": JOB, "undoing": UNDO_JOB}[bulk.state]
    jobs.later(name, bulk.id, key=f"{name}:{bulk.public_id}")


def take_back(by: Any, bulk_id: int) -> bool:
    """Begins to take the act back, also while it is still running: it then goes no further. False when it was begun."""
    bulk = _locked(bulk_id)
    demand(by, ACTS[bulk.act].permission, bulk.cycle)
    if bulk.state in ("undoing", "undone"):
        return False
    if bulk.state == "previewed" or bulk.undo_until is None:
        raise Mistaken(_("Nothing has been done yet, so there is nothing to take back."))
    if bulk.state != "running" and bulk.undo_until <= now():  # what is still running can always be stopped
        raise Mistaken(_("The time to take this back is over. Change the files one by one."))
    move(BULK, "take_back", bulk, by, changes={"undone_by_id": by.id}, act=bulk.act)
    ask_for_work(bulk)
    return True


def do_some(bulk_id: int) -> bool:
    """Does the act to the next files (at most `PORTION`); whether there are more. The last time, it closes the act."""
    bulk = _locked(bulk_id)
    if bulk.state != "running":
        return False
    if ACTS[bulk.act].letters and bulk.undo_until is not None and bulk.undo_until - now() < rules.HOLD / 2:
        bulk.undo_until = now() + rules.HOLD  # the worker was late: its letters can be called back as any others
    return _work(bulk, bulk.by_id, ("will", "done", "skipped"), _do, "finish", "done_at")


def undo_some(bulk_id: int) -> bool:
    """Takes the act back for the next files; whether there are more. The last time, it closes the act."""
    bulk = _locked(bulk_id)
    if bulk.state != "undoing":
        return False
    return _work(bulk, bulk.undone_by_id, ("done", "undone", "kept"), _undo, "taken_back", "undone_at")


Became = dict[int, dict[str, Any]]  # file -> what is written of it besides its state: "why" when nothing was done
Step = Callable[[Any, BulkAct, Act, list[BulkItem]], Became]


def _locked(bulk_id: int) -> BulkAct:
    """The act as it stands now; two workers, or two windows, take turns."""
    query = select(BulkAct).where(BulkAct.id == bulk_id).with_for_update()
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()


def _work(bulk: BulkAct, person: int | None, states: tuple[str, str, str], step: Step, verb: str, stamp: str) -> bool:
    """One portion. `states`: of an item that waits, that was worked on, that was left as it is."""
    waits, worked, left = states
    act, by = ACTS[bulk.act], db.session.get_one(Person, person)
    query = select(BulkItem).where(BulkItem.bulk_id == bulk.id, BulkItem.state == waits).order_by(BulkItem.id)
    items = list(db.session.scalars(query.limit(PORTION)))
    if items and may(by, act.permission, bulk.cycle):
        became = step(by, bulk, act, items)
    else:
        became = {item.file_id: {"why": "refused"} for item in items}
    rows = [{"id": item.id, "mark": "", "before": {}, **became[item.file_id]} for item in items]
    if rows:
        db.session.execute(update(BulkItem), [{**row, "state": left if row["why"] else worked} for row in rows])
    if len(items) == PORTION:
        return True
    counts = queries.counts_of(bulk.id)
    told: dict[str, Any] = {name: counts.get(name, 0) for name in (worked, left)}
    changes = {stamp: now(), "counts": counts, **({"given": {}} if queries.has_erased(bulk.id) else {})}
    move(BULK, verb, bulk, by, changes=changes, act=act.name, **told)
    return False


def _task(bulk: BulkAct, items: Sequence[BulkItem] = ()) -> Task:
    before = {item.file_id: item.before for item in items}
    return Task(bulk.cycle, bulk.given, bulk.undo_until, {"bulk": bulk.public_id}, before)


def _do(by: Any, bulk: BulkAct, act: Act, items: list[BulkItem]) -> Became:
    """Does the act to those files that are as they were previewed."""
    marks = {item.file_id: item.mark for item in items}
    files = queries.loaded(list(marks), lock=True)
    why = {seen.file.id: act.why_not(seen) for seen in queries.seen_of(bulk.cycle, files)}
    why |= {file.id: "changed" for file in files if mark_of(file, act.seen) != marks[file.id]}
    ready = [file for file in files if not why[file.id]]
    before = {file.id: act.before(file) for file in ready}
    done = {file.id for file in act.do(by, ready, _task(bulk))} if ready else set()
    db.session.flush()
    left = {file.id: mark_of(file, act.left) for file in queries.loaded(sorted(done))} if done else {}
    return {
        number: {"why": "", "mark": left[number], "before": before[number]}
        if number in done
        else {"why": why[number] or "same"}
        for number in marks
    }


def _undo(by: Any, bulk: BulkAct, act: Act, items: list[BulkItem]) -> Became:
    """Takes the act back from those files that stand as it left them."""
    marks = {item.file_id: item.mark for item in items}
    files = queries.loaded(list(marks), lock=True)
    same = [file for file in files if mark_of(file, act.left) == marks[file.id]]
    undone = {file.id for file in act.undo(by, same, _task(bulk, items))} if same else set()
    untouched = {file.id for file in same}
    return {
        number: {"why": "" if number in undone else (act.kept if number in untouched else "changed")}
        for number in marks
    }


def forget() -> None:
    """Throws previews away that nobody began, and what was kept only to take back what can't be taken back any more."""
    old = BulkAct.state == "previewed", BulkAct.created_at < now() - rules.KEEP_PREVIEWS
    numbers = list(db.session.scalars(select(BulkAct.id).where(*old).with_for_update()))
    db.session.execute(delete(BulkItem).where(BulkItem.bulk_id.in_(numbers)))
    db.session.execute(delete(BulkAct).where(BulkAct.id.in_(numbers)))
    over = BulkAct.state.in_(("done", "undone")), BulkAct.undo_until < now()
    mine = select(BulkAct.id).where(*over)
    sweep(update(BulkItem).where(BulkItem.bulk_id.in_(mine), BulkItem.mark != "").values(before={}, mark=""))
    sweep(update(BulkAct).where(*over).values(given={}))


def forget_file(file_ids: Sequence[int]) -> None:
    """Erases what acts keep of these files: what stood there, its mark, and a reason that was written for them (of an
    act that still needs it, at its end).
    """
    mine = select(BulkItem.bulk_id).where(BulkItem.file_id.in_(file_ids))
    sweep(update(BulkAct).where(BulkAct.id.in_(mine), BulkAct.state.in_(("done", "undone"))).values(given={}))
    sweep(update(BulkItem).where(BulkItem.file_id.in_(file_ids)).values(before={}, mark=""))
