"""Sentences that English stories are made of. {name}, {she}, {her}, {hers} and {subject} are filled in.

{her} is the possessive ("her", "his"), {them} the object ("her", "him").
"""

OPENING = {
    "student": (
        "I came to {name}’s class in the middle of the year and did not know anybody.",
        "Before {name}, I was sure that I was just bad at {subject}.",
        "I did not talk in class for most of last year, and {name} never made me feel strange about it.",
        "I had {name} for {subject}, and I still use the notebook {she} had us keep.",
        "I am writing about {name} because {she} noticed what nobody else did.",
    ),
    "family": (
        "My son used to hide his school bag under the bed on Sunday nights.",
        "Our daughter came home in September and said that she was stupid. She was eight.",
        "We moved here in the spring, and my youngest spoke almost no English.",
        "My boy is bright and never still, and for two years school was a phone call home.",
        "When my mother fell ill, my daughter stopped caring about school.",
    ),
    "colleague": (
        "Our rooms share a wall, so I hear what happens next door.",
        "I have taught beside {name} for six years and have borrowed from {them} nearly every week.",
        "{name} was my mentor in my first year, which was nearly my last.",
        "We plan together on Thursdays, and {name} always brings the work of the three children we worry about.",
        "I came to watch one lesson of {name}’s and changed how I begin mine.",
    ),
    "leader": (
        "I have sat in on more than twenty of {name}’s lessons over the years.",
        "As {name}’s principal I read the figures, and I also stand in the hallway.",
        "When I need to know how our newest families are doing, I ask {name}.",
        "{name} asked me for one thing this year: time for teachers to watch each other.",
    ),
    "community": (
        "I run the library two streets from the school and see who walks in after three.",
        "Our church lends its hall to {name} on Saturdays, and I open the door.",
        "I have volunteered in {name}’s room every other Friday since last fall.",
        "Our shop takes two students each summer, and the ones {name} sends us are ready.",
    ),
    "self": (
        "I am writing about my own work because a program I began has outgrown my classroom.",
        "I nominate myself for the reading evenings that our school now holds every month.",
    ),
}

NEED = (
    "Eleven of the twenty-six children in the room were reading two grades below where they should be.",
    "Half of the class had failed the first test, and most had stopped asking questions.",
    "The students who had just arrived sat together in the back and were left alone, kindly.",
    "Families came on the first night of school and then not again.",
    "There was one group that every teacher had quietly given up on.",
    "Attendance on Mondays was so low that lessons were repeated on Tuesdays.",
    "The advanced class did not look like the school at all.",
    "Nobody had asked the students what they already knew.",
)

DEED = (
    "{She} started a ten-minute conference with every child, every week, and wrote down one thing to try next.",
    "{She} took the unit apart and rebuilt it around a question students had asked about the creek behind the school.",
    "{She} called every family in the first two weeks with one good thing, before there was anything to report.",
    "{She} paired fifth graders with first graders to read aloud, and taught the older ones how to listen.",
    "{She} had students mark their own work with the rubric, explain the mark, and do it over when unsure.",
    "{She} came in at seven on Wednesdays for anybody who wanted to work before school, and made breakfast.",
    "{She} asked the quiet ones to teach the first five minutes, with notes {she} had gone over with them.",
    "{She} recorded short lessons in English and Spanish so that parents could follow at home.",
    "{She} moved the tables, and then moved {her} own desk out of the room.",
    "{She} brought in the grandfather who fixes boats, the nurse and the bus mechanic, and built the math around them.",
    "{She} stopped giving zeros, and started asking what got in the way.",
)

CHANGE = (
    "By spring, nineteen of the twenty-four had grown more than a year, and the ones furthest behind grew the most.",
    "Twenty-two of twenty-five passed in May; in October it had been nine.",
    "The boy who would not speak read the announcements over the loudspeaker in March.",
    "My daughter now corrects my spelling, and laughs.",
    "Thirty-one families came to the last evening; some brought cousins.",
    "Absences on Mondays fell by half, and nobody made a poster about it.",
    "Four of {her} students signed up for the advanced course, the first from that part of the school.",
    "They now ask each other the questions {she} used to ask.",
    "He does his reading before dinner without being told. I do not have a better measure than that.",
)

MORE = (
    "Two other teachers in the hallway have taken up the same routine.",
    "What stays with me is that {she} never talks about it.",
    "{She} also told the staff what had not worked, with the numbers.",
    "The custodian says it is the only room where students put the chairs up by themselves.",
    "When I thanked {them}, {she} named the students instead.",
    "New teachers are sent to {them} in their first week, and come back on their own.",
)

TOGETHER = (
    "{She} meets with the after-school program every month, so that both sides know what a child is working on.",
    "Families help plan the reading nights, and last year two of them ran one without {them}.",
    "The music teacher, the counselor and {she} share one list of students and who checks on whom.",
    "{She} translated the school’s letters until the office began to do it.",
    "A local garden center gives the seeds and the students run the stand.",
)

SHORT = ("Amazing.", "Best teacher ever", "Inspiring", "She cares.", "+1", "The reason my son likes school.")

RELATED = ("cousin", "we go to the same church", "my sister-in-law", "we own a food truck together")

KNOWN_FOR = ("1 year", "2 years", "3 years", "since 2019", "since kindergarten", "6 years", "one semester", "11 years")
