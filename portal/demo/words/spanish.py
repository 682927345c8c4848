"""Oraciones de las que se componen las historias en español. {name}, {a}, {subject} se llenan ("maestr{a}")."""

OPENING = {
    "student": (
        "Llegué a la clase de {name} a mitad del año y no conocía a nadie.",
        "Antes de tener a {name} yo pensaba que la escuela no era para mí.",
        "Con {name} aprendí {subject}, pero sobre todo aprendí a preguntar.",
    ),
    "family": (
        "Mi hijo antes escondía la mochila los domingos por la noche.",
        "Llegamos a este país en marzo y mi hija no hablaba inglés.",
        "Como mamá sola trabajo de noche, y pensé que nadie en la escuela lo iba a entender.",
        "Mis dos hijos han pasado por el salón de {name}, con cuatro años de diferencia.",
    ),
    "colleague": (
        "Trabajo en el salón de al lado y escucho lo que pasa en el de {name}.",
        "{name} fue mi guía en mi primer año, que casi fue el último.",
    ),
    "leader": ("He visitado el salón de {name} más de veinte veces.",),
    "community": (
        "Soy voluntaria en la biblioteca que está a dos calles de la escuela.",
        "En nuestra iglesia prestamos el salón a {name} los sábados.",
    ),
    "self": ("Escribo sobre mi propio trabajo porque las noches de lectura ya son de toda la escuela.",),
}

NEED = (
    "Once de los veintiséis niños leían dos grados por debajo de lo esperado.",
    "Los que acababan de llegar se sentaban juntos atrás y nadie los molestaba, pero nadie les hablaba.",
    "Las familias venían la primera noche de clases y después ya no volvían.",
    "La mitad del grupo había reprobado el primer examen y ya no preguntaba nada.",
)

DEED = (
    "Cada semana platicó diez minutos con cada niño y anotó una sola cosa para intentar después.",
    "Llamó a cada familia en las primeras dos semanas para contar algo bueno, antes de que hubiera algo que reportar.",
    "Grabó lecciones cortas en inglés y en español para que pudiéramos seguirlas en casa.",
    "Puso a los de quinto a leer con los de primero y les enseñó a escuchar.",
    "Visitó nuestra casa dos veces y nos explicó, con paciencia, cómo ayudar con la tarea.",
    "Pidió a los más callados que dieran los primeros cinco minutos de la clase, con notas que repasaron juntos.",
)

CHANGE = (
    "En mayo, diecinueve de veinticuatro habían avanzado más de un año.",
    "Ahora es mi hijo quien saluda a todos en la puerta.",
    "Mi hija leyó en voz alta en la asamblea, en los dos idiomas.",
    "En la última reunión éramos treinta y una familias, y algunas trajeron a los primos.",
    "Los lunes ya casi nadie falta.",
)

MORE = (
    "Nunca habla de eso; lo sabemos por los niños.",
    "Otras dos maestras del pasillo ya hacen lo mismo.",
    "Cuando le di las gracias, me habló de los estudiantes.",
    "Por primera vez siento que la escuela también es nuestra.",
)

TOGETHER = (
    "Se reúne cada mes con el programa de la tarde para que todos sepan en qué va cada niño.",
    "Las familias ayudan a planear las noches de lectura.",
    "Tradujo las cartas de la escuela hasta que la oficina empezó a hacerlo.",
)

SHORT = ("Excelente maestra.", "El mejor", "Muy buena persona", "Gracias")

RELATED = ("es mi cuñada", "somos de la misma iglesia")

KNOWN_FOR = ("1 año", "2 años", "3 años", "desde kínder", "5 años", "desde 2020")
