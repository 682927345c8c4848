"""Invented people: given names with their pronoun, family names from everywhere, and the awkward ones."""

# (given name, "f" or "m")
GIVEN = (
    ("Amara", "f"), ("Denise", "f"), ("Rosa", "f"), ("Patrice", "f"), ("Minh", "m"), ("Keisha", "f"), ("Luis", "m"),
    ("Marcus", "m"), ("Helen", "f"), ("Yolanda", "f"), ("Samir", "m"), ("Grace", "f"), ("Tobias", "m"), ("Ingrid", "f"),
    ("Andre", "m"), ("Carmen", "f"), ("Desmond", "m"), ("Fatima", "f"), ("Joseph", "m"), ("Latoya", "f"),
    ("Mateo", "m"), ("Nadia", "f"), ("Omar", "m"), ("Priscilla", "f"), ("Rafael", "m"), ("Simone", "f"),
    ("Terrence", "m"), ("Valeria", "f"), ("Wei", "f"), ("Zainab", "f"), ("Bernard", "m"), ("Celeste", "f"),
    ("Darnell", "m"), ("Esther", "f"), ("Felix", "m"), ("Gwendolyn", "f"), ("Hector", "m"), ("Imani", "f"),
    ("Jerome", "m"), ("Katrina", "f"), ("Leilani", "f"), ("Miguel", "m"), ("Naomi", "f"), ("Otis", "m"),
    ("Paloma", "f"), ("Quincy", "m"), ("Renee", "f"), ("Silvia", "f"), ("Theodore", "m"), ("Ursula", "f"),
    ("Vanessa", "f"), ("Winston", "m"), ("Ximena", "f"), ("Yusuf", "m"), ("Adelaide", "f"), ("Bao", "m"),
    ("Cedric", "m"), ("Dolores", "f"), ("Emeka", "m"), ("Francesca", "f"), ("Gloria", "f"), ("Hannah", "f"),
)  # fmt: skip

FAMILY = (
    "Whitfield", "Okonkwo", "Rivera", "Nguyen", "Castellanos", "Brooks", "Patel", "Hernández", "Abernathy", "Kim",
    "Washington", "Delgado", "Osei", "Lindqvist", "Chaudhry", "Fitzgerald", "Morales", "Tran", "Jackson", "Batiste",
    "Sokolova", "Peña", "Ellison", "Haile", "Guerrero", "Mbeki", "Callahan", "Ortega", "Price", "Yamamoto",
    "Adeyemi", "Schwartz", "Benítez", "Coleman", "Dang", "Eze", "Freeman", "Gutiérrez", "Hollis", "Ibarra",
    "Joyner", "Kowalski", "Lumumba", "Marsh", "Núñez", "Oyelaran", "Pruitt", "Quintero", "Rahman", "Salazar",
    "Thibodeaux", "Underwood", "Vásquez", "Wynn", "Xiong", "Yates", "Zamora", "Barrett", "Diop", "Escobar",
)  # fmt: skip

# Names that forms, columns and sorting stumble over.
AWKWARD = (
    ("María Fernanda Guadalupe de la Cruz-Villanueva Castañeda", "f"),
    ("Nguyễn Thị Ánh Tuyết", "f"),
    ("Siobhán O’Donoghue-Mbeki", "f"),
    ("Krzysztof Wiśniewski", "m"),
    ("Olúwaṣeun Adébáyọ̀", "m"),
    ("J. T. Li", "m"),
    ("Dr. Bartholomew Featherstonehaugh-Oyelaran III", "m"),
    ("Ana", "f"),
    ("Þórunn Ægisdóttir", "f"),
    ("Jean-Baptiste N’Diaye", "m"),
    ("Renée van der Meer-Özdemir", "f"),
    ("Xóchitl Ibarra y Peña", "f"),
)

PARENTS = (
    "Inés Morales", "Darius Webb", "Thuy Pham", "Monique Carter", "Joel Steinberg", "Adaeze Obi", "Tomás Ibáñez",
    "Kendra Lyles", "Farid Nasser", "Beatriz Luna", "Calvin Mays", "Hye-jin Park", "Shauna Dunn", "Ramiro Soto",
    "Evelyn Tate", "Abdi Warsame", "Colleen Byrne", "Marisol Vega", "Troy Hammond", "Anjali Rao", "Lucía Campos",
    "Derrick Fields", "Olga Petrova", "Nia Gaines", "Ernesto Salas", "Brandi Cobb", "Viet Le", "Rosalind Hart",
    "Emilio Fuentes", "Tamika Rowe", "Gabriel Ochoa", "Sunita Desai", "Wesley Grant", "Pilar Rojas", "Janelle Moss",
    "Kofi Mensah", "Dana Whitaker", "Irene Castillo", "Malik Stokes", "Teresa Nava", "Elliot Frost", "Mei Huang",
    "Roberto Silva", "Ashanti Cole", "Nell Brady", "Hugo Paredes", "Latisha Boone", "Amir Haddad", "Vera Novak",
    "Julian Reese", "Consuelo Rangel", "Peter Osgood", "Shanice Ware", "Diego Meza", "Linh Vu", "Carla Benson",
    "Isaac Goldman", "Yvette Landry", "Raúl Cárdenas", "Bettina Krause", "Jamal Pierce", "Noemí Arce", "Gail Summers",
    "Chidi Nwosu", "Andrea Fuller", "Octavio Leal", "Robyn Slade", "Tiana Mercer", "Leonel Prado", "Mavis Odom",
)  # fmt: skip

CHILDREN = ("Zoe", "Mateo", "Imani", "Lucas", "Anh", "Nevaeh", "Sofía", "Elijah")

# What is taught, by position and level: (English, Spanish).
SUBJECTS = {
    "elementary": (
        ("Kindergarten", "Kínder"), ("Second grade", "Segundo grado"), ("Third grade", "Tercer grado"),
        ("Fourth grade", "Cuarto grado"), ("Fifth grade math", "Matemáticas de quinto"), ("Pre-K", "Pre-K"),
        ("Reading support", "Apoyo en lectura"), ("Dual language, first grade", "Lenguaje dual, primer grado"),
        ("Art", "Arte"), ("Music", "Música"),
    ),
    "middle": (
        ("Sixth grade science", "Ciencias de sexto"), ("Seventh grade English", "Inglés de séptimo"),
        ("Eighth grade math", "Matemáticas de octavo"), ("Band", "Banda"), ("Special education", "Educación especial"),
        ("Social studies", "Estudios sociales"), ("English learners", "Estudiantes de inglés"),
    ),
    "high": (
        ("Algebra", "Álgebra"), ("Chemistry", "Química"), ("English, tenth grade", "Inglés de décimo"),
        ("U.S. history", "Historia de EE. UU."), ("Engineering", "Ingeniería"), ("Chorus", "Coro"),
        ("Spanish for heritage speakers", "Español para hablantes de herencia"), ("Biology", "Biología"),
        ("Automotive technology", "Tecnología automotriz"),
    ),
}  # fmt: skip
