"""The line of evidence that a reader writes under a level, by level from 1 to 4, for any criterion."""

EVIDENCE = {
    1: (
        "Says that students do well, and gives no instance.",
        "Kind words throughout; I could not find a particular action.",
        "Only the program’s name is given.",
        "Nothing in the file speaks to this beyond routine notices.",
    ),
    2: (
        "One instance, and it is hard to tell what the educator did.",
        "A warm story; the change in students stays vague.",
        "Takes part when asked, by the colleague’s account.",
        "Sound practice, with little sign of why it was chosen.",
    ),
    3: (
        "Names what was done each week and shows growth for most of the class.",
        "The parent’s own words: he reads before dinner without being told.",
        "Started the family evenings and kept them up for the year.",
        "Explains what did not work, with numbers, and what was tried next.",
        "Two voices describe the same routine from different sides.",
    ),
    4: (
        "Growth for those furthest behind, and three kinds of evidence agree.",
        "The routine goes on in two other rooms without them.",
        "A colleague names them as the reason they stayed.",
        "Students now lead the part that the educator used to lead.",
    ),
}

CANNOT = (
    "",
    "No voice in the file speaks to this.",
    "The only story is one line long.",
)

SCREENING = {
    "position": "A school counselor: not one of this award’s positions.",
    "coach": "An instructional coach this year; may be nominated again from the classroom.",
    "moved": "Left the district last summer; the nominee says so too.",
}

BY_HAND = (
    "The panel found the work in the two lowest-funded schools as strong as any above the line, and wants it named.",
    "Carried a school through a year without a principal; the panel asks that this be honored.",
)

TIE_REASON = (
    "Both files are equal in every figure. The panel spoke about reach: one routine has been taken up by three schools."
)
