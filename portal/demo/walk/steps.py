"""The steps of the whole way, in order, with the sentence that tells each one's figures."""

from portal.demo.walk import gathering, honoring, nominees, reading
from portal.demo.walk.way import Step

STEPS = [
    Step("Import", nominees.import_export,
         "{rows} rows: {entered} entered, {already_in} already in, {refused} refused; a second run adds {again}. "
         "{nominations} nominations of {files} files."),
    Step("Addresses", nominees.find_addresses, "{pasted} from a pasted list, {typed} typed singly, {missing} missing."),
    Step("Letters", nominees.write_to_nominees, "{letters} nominees asked."),
    Step("Consent", nominees.nominees_answer,
         "by the mailed links: {accepted} yes, {declined} no, {erased} erased, {silent} silent."),
    Step("Screening", nominees.screen, "{eligible} eligible, {ineligible} not."),
    Step("Staff", reading.second_organizer, "{organizers} organizers."),
    Step("Past winners", reading.past_winners, "{winners} join the Collective, so that each file has one as a reader."),
    Step("Panel", reading.invite_panel, "{seats} seats accepted by link, {readers} of them read."),
    Step("Assignment", reading.plan_and_release,
         "{assignments} reviews given out, {least} to {most} a reader; {told} readers told."),
    Step("Scores", reading.score, "{reviews} reviews handed in, {recused} recusal replaced."),
    Step("Ranking", honoring.rank,
         "{ranked} files from {reviews} reviews, {places} places, agreement {alpha}, {ties} tie to settle."),
    Step("Decision", honoring.decide, "{winners} winners among {decided} decisions, confirmed by a second person."),
    Step("Announcement", honoring.announce, "{letters} letters; {public} winners public, {told_before} before."),
    Step("Collective", gathering.join_collective, "{invited} winners invited, {joined} joined by link."),
    Step("Convening", gathering.make_convening, "{day}: {rooms} rooms, {blocks} blocks, the call is open."),
    Step("Proposal", gathering.propose, "“{title}”, {presenters} presenters."),
    Step("Acceptance", gathering.accept_and_confirm, "accepted and confirmed by {confirmed} presenters."),
    Step("Agenda", gathering.place_and_release, "the public agenda shows “{title}” by {winner}."),
    Step("Record", gathering.verify, "{entries} entries, {findings} that do not fit."),
]  # fmt: skip
