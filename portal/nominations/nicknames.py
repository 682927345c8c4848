"""Given names and the short forms people use for them, in English and Spanish: "zach" -> {"zachary"}. Pure.

From general knowledge, folded as `core.names.fold` folds. A short form may belong to several names (Alex); a name may
be both (Jack is a name, and a form of John).
"""

_FORMS = """
aaliyah: liyah | abigail: abby abbie gail | adalberto: beto | agnes: aggie | alan: allan allen al
albert: al bert bertie | alberto: beto berto | alejandra: ale alex sandra | alejandro: ale alex jandro
alexander: alex al xander sandy | alexandra: alex sandra sandy lexi | alfonso: poncho fonso | alfred: al fred alfie
alfredo: fredo | alice: ali allie | allison: ali allie | amanda: mandy | amelia: amy millie | ana: anita
andrea: andie drea | andrew: andy drew | angela: angie | angelica: angie | ann: anne annie nan nancy | anna: annie
annamarie: annie | anthony: tony ant | antonia: toni tonia tona | antonio: tono toni tony | arthur: art artie
augustine: gus | barbara: barb barbie babs | beatrice: bea trixie | beatriz: bea betty | benjamin: ben benny benji
bernard: bernie | bradley: brad | brenda: bren | brian: bryan bri | brittany: britt | calvin: cal | cameron: cam
carl: karl | carlos: carlitos charlie | carolina: caro | caroline: carrie carol | carolyn: carrie carol
catalina: cata lina cathy | catherine: cathy cate cat kate katie kitty | cecil: cece | cecilia: ceci cece
charles: charlie chuck chas chip | charlotte: charlie lottie | christina: cristina kristina chris christy tina
christine: chris chrissy tina | christopher: chris topher kit | clifford: cliff | concepcion: concha conchita
consuelo: chelo | cornelius: neil | cristina: cris tina | curtis: curt | cynthia: cindy | daniel: dan danny
daniela: dani | danielle: dani | darnell: nell | david: dave davey | deborah: debra deb debbie debby | denise: neesy
diana: di | dolores: lola | dominic: dom nick | donald: don donny | dorothy: dot dottie | douglas: doug
eduardo: edu lalo eddie | edward: ed eddie ted ned | edwin: ed eddie | eleanor: ellie nell nora | elena: lena nena
elizabeth: liz lizzie beth betty betsy eliza libby lisa | emily: em emmy | emma: em emmy | enrique: quique kike
eric: erik | erica: ricki | ernest: ernie | ernesto: neto | esperanza: lancha | eugene: gene | evelyn: evie eve
felicia: fe | fernanda: fer nanda | fernando: fer nando | florence: flo | frances: fran frannie
francis: frank fran | francisca: paca panchita | francisco: paco pancho cisco frank | franklin: frank
frederick: fred freddie rick | gabriel: gabe gabi | gabriela: gabi gaby | gabrielle: gabby | geoffrey: geoff jeff
gerald: jerry gerry | gerardo: lalo gera | gilbert: gil bert | gloria: glo | graciela: chela | gregory: greg
guadalupe: lupe lupita | guillermo: memo guille | gustavo: gus tavo | gwendolyn: gwen | harold: hal harry
harriet: hattie | heather: heath | hector: tito | henry: hank harry hal | herbert: herb bert | hyunwoo: hyun
ignacio: nacho | imani: mani | isaac: ike zac | isabel: ysabel isa chabela bella | isabella: bella izzy isa
jacob: jake | jacqueline: jackie | jaime: jimmy | james: jim jimmy jamie | jane: janie | janet: jan | janice: jan
jason: jay | jeffrey: geoffrey jeff | jennifer: jen jenn jenny | jeremiah: jerry | jeremy: jem | jerome: jerry
jesse: jess | jessica: jess jessie | jesus: chuy chucho | joan: joanie | joanna: jo joey | joaquin: quino
john: jon johnny jack jon | jonathan: jon jonny nathan | jorge: coque | jose: pepe chepe | josefa: pepa
josefina: fina pepita | joseph: joe joey jo | josephine: jo josie | joshua: josh | juan: juanito | juana: juanita
judith: judy jude | julia: jules julie | julian: jules | karen: kari
katherine: catherine kathryn kathy kate katie kat kathie kit kitty | kathleen: kathy kath kate katie
kathryn: kathy kate katie | kelly: kel | kenneth: ken kenny | kevin: kev | kimberly: kim | kristen: kris
kristin: kris | kristina: kris tina | lawrence: laurence larry laurie | leonard: leo len lenny | leonardo: leo
leticia: lety leti | lillian: lil lily | linda: lin | louis: lewis lou | louise: lou | lourdes: lulu
lucia: lucy lu | luis: lucho wicho | luisa: lu | manuel: manny manolo manu | manuela: manu | marcus: marc
margaret: maggie meg peggy marge margie greta rita | margarita: mago rita | maria: mari mary
mariadelcarmen: maricarmen | marjorie: marge margie | mark: marc marky | martha: marty | martin: marty
mary: molly polly | matthew: matt matty | maureen: mo | maximilian: max | megan: meg | melanie: mel
melissa: mel missy lissa | mercedes: meche merche | michael: mike mikey mick micky mitch
michelle: michele shelly mich | miguel: mike migue | mildred: millie | miriam: mimi | mitchell: mitch | monica: moni
montserrat: montse | nancy: nan | natalia: nati | natalie: nat | nathan: nate nat | nathaniel: nate nat nathan
nicholas: nicolas nick nicky | nicolas: nico | nicole: nicky niki | nkechi: kechi | norberto: beto | norman: norm
octavio: tavo | olivia: liv livvy | pamela: pam | patricia: pat patty tricia trish paty | patrick: pat paddy rick
paul: paulie | penelope: penny | peter: pete | philip: phillip phil pip | phillip: phil pip | phyllis: phyl
priscilla: prissy cilla | priyanka: priya | quentin: quinn | rachel: rachael rach | rafael: rafa | ralph: ralphie
ramon: moncho | randall: randy | raymond: ray | rebecca: rebekah becky becca | refugio: cuca cuco | reginald: reggie
ricardo: rick richie | richard: rick rich richie dick ricky | robert: rob bob bobby robbie bert
roberto: beto berto robbie | rocio: chio | rodrigo: rodri | roger: rodge | ronald: ron ronnie | rosa: rosita
rosalind: roz ros rosie | rosario: chayo | rose: rosie | roxanne: roxy | russell: russ | salvador: chava
samantha: sam sammy | samuel: sam sammy | sandra: sandy | santiago: santi chago | sarah: sara sally sadie
sebastian: seb sebas | sergio: checo | sharon: shari | shirley: shirl | silvia: chivis | siobhan: shiv
socorro: coco | sofia: sofi | sophia: sophie | stephanie: steph stephie steffi | stephen: steve stevie steph
steven: stephen steve stevie | stuart: stu | susan: sue susie suzie | susana: susi | suzanne: sue suzy | sylvia: syl
tamara: tammy | terence: terry | teresa: tere teri terry tess | theodore: ted teddy theo
theresa: teresa terry tess tessa | thomas: tom tommy | timothy: tim timmy | tomas: tommy tomasito | uchenna: uche
valentina: vale val tina | valerie: val | vanessa: nessa | veronica: vero ronnie | vicente: chente | victor: vic
victoria: vicky tori vic | vincent: vince vinny | virgilio: gil | virginia: ginny gina | walter: walt wally
wesley: wes | william: bill billy will willie liam | ximena: xime mena | yesenia: yesi | yolanda: yoli yola
zachariah: zach zack zac | zachary: zach zack zac | zoraida: zory
"""

NAMES: dict[str, frozenset[str]] = {}  # each name and short form -> the names it may stand for (itself, for a name)


def _read() -> None:
    for entry in _FORMS.replace("\n", "|").split("|"):
        name, _colon, forms = (part.strip() for part in entry.partition(":"))
        for form in (name, *forms.split()) if name else ():
            NAMES[form] = NAMES.get(form, frozenset()) | {name}


_read()


def names_of(token: str) -> frozenset[str]:
    """The names this one may stand for: "zach" -> {"zachary", "zachariah"}; an unknown name stands for itself."""
    return NAMES.get(token, frozenset((token,)))


def is_nickname(one: str, other: str) -> bool:
    """Whether one of two different names is a usual short form of the other, or both are of a third one."""
    return one != other and bool(names_of(one) & names_of(other))
