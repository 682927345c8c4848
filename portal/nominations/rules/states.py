"""The states of nominations, nominee files and what staff do to them, and the verbs between them."""

from portal.core.flow import Flow

# draft: being typed. submitted: sent, address not proven. confirmed: proven by link, by staff, or imported.
NOMINATION = Flow(
    "nomination",
    initial="draft",
    submit=({"draft"}, "submitted"),
    confirm=({"submitted"}, "confirmed"),
    withdraw=({"draft", "submitted", "confirmed"}, "withdrawn"),
    mark_spam=({"submitted", "confirmed"}, "spam"),
    unmark_spam=({"spam"}, "submitted"),
    expire=({"draft", "submitted"}, "expired"),
    resume=({"expired"}, "draft"),
)

# The nominee's own answer. "open": nobody has asked yet. A letter can be called back while it has not left.
CONSENT = Flow(
    "consent",
    initial="open",
    ask=({"open", "asked"}, "asked"),
    call_back=({"asked"}, "open"),
    accept=({"asked"}, "accepted"),
    decline=({"asked", "accepted"}, "declined"),
    erase=({"asked", "accepted", "declined"}, "erased"),
)

SCREENING = Flow(
    "screening",
    initial="unscreened",
    find_eligible=({"unscreened", "ineligible"}, "eligible"),
    find_ineligible=({"unscreened", "eligible"}, "ineligible"),
    take_back=({"eligible", "ineligible"}, "unscreened"),
)

# Two files that may be about one educator. Whether they were joined, the files themselves say.
PAIR = Flow("pair", initial="open", keep_apart=({"open"}, "apart"), reopen=({"apart"}, "open"))

# draft: uploaded, its columns are being chosen. checking, checked: a dry run. running: rows enter.
IMPORTING = Flow(
    "import",
    initial="draft",
    changed=({"checked"}, "draft"),
    tried=({"draft", "checked"}, "checking"),
    reported=({"checking"}, "checked"),
    started=({"draft", "checked"}, "running"),
    finished=({"running"}, "done"),
)

# One act on many files. previewed: what would be done is told, nothing is done yet.
BULK = Flow(
    "bulk",
    initial="previewed",
    start=({"previewed"}, "running"),
    finish=({"running"}, "done"),
    take_back=({"running", "done"}, "undoing"),
    taken_back=({"undoing"}, "undone"),
)
BULK_ITEMS = ("will", "left", "done", "skipped", "undone", "kept")  # what became of each file of it

GROUPS = ("student", "family", "colleague", "leader", "community", "self")
SHARING = ("yes", "relation", "no")  # may we tell the educator who nominated them
SOURCES = ("form", "import")
