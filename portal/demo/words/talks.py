"""Sessions that members propose: (title, summary, what participants take back, area, audience, minutes, language)."""

TALKS = (
    ("Ten minutes a week with every child",
     "How one fourth-grade room made time for a conference with each student, what was said in them, and what changed "
     "when the notes were read by the next teacher.",
     "A one-page conference sheet and a schedule that fits a real Tuesday.", "practice", "elementary", 45, "en"),
    ("The call home that is not bad news",
     "Two hundred calls in the first two weeks of school: a script, the awkward ones, and what families said back.",
     "A call script in English and Spanish, and a way to share the calls among a team.",
     "collaboration", "everybody", 30, "en"),
    ("Fracciones en dos idiomas",
     "Una clase de lenguaje dual muestra cómo explicar fracciones en español y en inglés sin repetirlo todo dos veces.",
     "Tres tareas listas para usar y una lista de palabras que confunden.", "practice", "elementary", 45, "es"),
    ("Watching each other teach, without forms",
     "A middle school gave every teacher one free period a month to visit a colleague. What we tried first, why it "
     "failed, and the version that stayed.",
     "A schedule, three ground rules, and the five questions we ask afterward.", "leadership", "leaders", 60, "en"),
    ("Who is not in the advanced class?",
     "We looked at eight years of placements with the students themselves. The talk shows the data, the meeting where "
     "we changed the rule, and the first two years after it.",
     "A spreadsheet to see your own school, and a letter to families.", "equity", "secondary", 60, "en"),
    ("Labs from the grocery store",
     "Six chemistry labs that cost under ten dollars for a class and teach what the expensive ones teach.",
     "Lab sheets, a shopping list, and the safety page.", "practice", "secondary", 45, "en"),
    ("When the quiet ones teach first",
     "Students who do not speak in class open the lesson, prepared. We practice the preparation together.",
     "A five-minute routine and the notes page we go over with the student.", "equity", "everybody", 45, "en"),
    ("A mentor for the first ninety days",
     "What new teachers asked for, week by week, and what a mentor can leave out.",
     "A calendar of ninety days with one small thing for each week.", "leadership", "everybody", 45, "en"),
    ("The library, the church hall and the bus",
     "Three neighbors of a school and what each of them does on a Saturday. With two of them in the room.",
     "A one-page agreement to bring to a neighbor.", "collaboration", "everybody", 60, "both"),
    ("Grading without zeros, with standards",
     "A high school math team changed how late and missing work counts. Bring your doubts; we had them too.",
     "Our policy on one page, and the questions parents asked.", "practice", "secondary", 30, "en"),
    ("A chair has four legs: engineering with a customer",
     "Students repair and design for people who will sit on the result.",
     "Three briefs that worked and one that fell apart.", "practice", "secondary", 45, "en"),
    ("Co-teaching that is not taking turns",
     "Two teachers, one room, four ways to share it, filmed and discussed.",
     "A planning page for two.", "collaboration", "everybody", 45, "en"),
    ("My favorite apps", "A tour of apps.", "A list.", "practice", "everybody", 30, "en"),
    ("", "Something about how our school handled the year without a music room. I will write more on Sunday.",
     "", "collaboration", "", None, "en"),
)  # fmt: skip

KEYNOTES = (
    ({"en": "Cultivating a calling: the year I nearly left", "es": "Cultivar una vocación: el año en que casi me voy"},
     {"en": "A member tells the story of her hardest year and of the colleague who came by every Friday.",
      "es": "Una integrante cuenta su año más difícil y habla de la colega que pasaba a verla cada viernes."}),
    ({"en": "Colleague circles", "es": "Círculos de colegas"},
     {"en": "Eight people, sixty minutes, one question each. What is said stays in the circle and is written nowhere.",
      "es": "Ocho personas, sesenta minutos, una pregunta cada quien. Lo que se dice se queda en el círculo."}),
    ({"en": "Lunch", "es": "Almuerzo"}, {"en": "In the cafeteria. Tables by district, or not.",
                                        "es": "En la cafetería. Mesas por distrito, o no."}),
)  # fmt: skip

RETURN_NOTE = "We like this. Please say in the summary who in your school can keep it going, and choose a length."
DECLINE_NOTE = "Thank you. We had several sessions on tools this year and chose those that start from a student."
STANDBY_NOTE = "We would gladly have this if a place opens. We will write by the end of next month."
