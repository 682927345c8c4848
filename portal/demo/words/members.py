"""What members of the Collective tell about themselves: (bio, ask me about)."""

PROFILES = (
    ("I teach reading to children who were told they could not. Fourteen years in, I still plan on paper.",
     "Weekly reading conferences with every child"),
    ("Band director. We travel light and play loud, and every family knows the set list.",
     "Running an ensemble when half of the players began this fall"),
    ("I came to teaching from a chemistry lab and never missed the lab.",
     "Labs with things from the grocery store"),
    ("Assistant principal. The first hour of each day I am in classrooms, the last one on the phone with families.",
     "Watching lessons without making people nervous"),
    ("Soy maestra de lenguaje dual. My students explain fractions in two languages and argue in both.",
     "Dual language math; letters home in Spanish"),
    ("Kindergarten, room 4, the one with the tomato plants.", "School gardens that survive July"),
    ("I teach U.S. history with the courthouse records of our own county.", "Primary sources for tenth graders"),
    ("Special education for twelve years, co-teaching for eight of them.", "Co-teaching that is not taking turns"),
    ("Principal of a school that was going to be closed, and was not.", "Teacher-led schedules"),
    ("Algebra for everybody, first period, with breakfast.", "Ending the zero without ending the standard"),
    ("I run the engineering shop. We fix the school’s chairs and have opinions on chairs.",
     "Projects with a real customer"),
    ("English learners, grades six to eight. I write to every family in their own language, with help.",
     "The first two weeks of a newcomer"),
)  # fmt: skip
