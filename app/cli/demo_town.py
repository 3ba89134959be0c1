"""The small harbour town that `make demo` moves into a fresh database.

Kittiwick, its people and everything they say are invented. The posts run in order, as one story
of a spring: read from top to bottom they are also the timeline of the town.
"""

# Greek, Cyrillic and full-width characters here are somebody's language, not slips for Latin ones.

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Inhabitant:
    """Somebody of the town, as they describe themselves."""

    username: str
    display_name: str
    about_me: str
    location: str
    # What they write about and like to read about; shared interests suggest who follows whom.
    interests: tuple[str, ...]
    website: str = ""


class TownPost(NamedTuple):
    """What one of them, known by username, has said."""

    author: str
    text: str
    # Whose last word it answers. What begins with a @name answers that one anyway.
    answers: str | None = None


class TownMessage(NamedTuple):
    """What one of them has written to another in private."""

    sender: str
    recipient: str
    text: str


INHABITANTS: tuple[Inhabitant, ...] = (
    Inhabitant(
        username="captain_marta",
        display_name="Marta Ellwood ⛴️",
        about_me=(
            "Skipper of the Marigold, eleven crossings a day when the sea agrees. I have heard "
            "the joke about the timetable. Tea, no sugar."
        ),
        location="Ferry Steps, Kittiwick",
        interests=("ferry", "boats", "tides"),
    ),
    Inhabitant(
        username="ines_panadera",
        display_name="Inés Albarrán 🥖",
        about_me=(
            "Panadera en Lantern Street. Enciendo el horno a las tres de la mañana para que tú "
            "no tengas que hacerlo. Mi masa madre se llama Dolores y tiene carácter."
        ),
        location="Lantern Street, Kittiwick",
        interests=("bakery", "cooking", "choir"),
        website="https://bread.example.com",
    ),
    Inhabitant(
        username="dewi_reads",
        display_name="Dewi Larkspur",
        about_me=(
            "Librarian. Keeper of 14,212 books, two radiators and one increasingly interesting "
            "ceiling. Ask me what to read next; I will not be brief."
        ),
        location="Kittiwick Library, Gull Steps",
        interests=("library", "books", "history"),
        website="https://library.example.org",
    ),
    Inhabitant(
        username="haruka_clay",
        display_name="潮見はるか",
        about_me=(
            "陶芸家。港の坂の上で小さな窯を焚いています。三毛猫みそと暮らしています。みそは家に"
            "いるより外にいることの方が多いです。"
        ),
        location="Kiln Hill, Kittiwick",
        interests=("cats", "art", "cooking"),
        website="https://clay.example.net",
    ),
    Inhabitant(
        username="nadia_sea",
        display_name="نادية المرسى",
        about_me=(
            "معلّمة علوم، أحبّ النجوم والبحر والقهوة بالهيل. أحمل منظارًا في حقيبتي دائمًا، فقد "
            "تصفو السماء فجأة."
        ),
        location="Heron Point, Kittiwick",
        interests=("stars", "tides", "books"),
    ),
    Inhabitant(
        username="eleni_psari",
        display_name="Ελένη Καραβά",
        about_me=(
            "Μαγειρεύω ό,τι φέρει η βάρκα. Έξι τραπέζια, καμία βιασύνη. Αν βρέχει, έχει φασολάδα."
        ),
        location="The Six Tables, Old Quay",
        interests=("cooking", "boats", "choir"),
        website="https://sixtables.example.com",
    ),
    Inhabitant(
        username="oleksa_boats",
        display_name="Олекса Човняр",
        about_me=(
            "Тесляр і човняр. Лагоджу все, що тримається на воді, і дещо з того, що не "
            "тримається. Пахну сосною та смолою."
        ),
        location="Slipway Yard, Kittiwick",
        interests=("boats", "library", "chess"),
    ),
    Inhabitant(
        username="svetlana_keys",
        display_name="Светлана Приливная",
        about_me=(
            "Играю на пианино в хоре и настраиваю его, когда никто не слышит. Соседка сверху "
            "уже знает весь репертуар."
        ),
        location="Mussel Lane 9, Kittiwick",
        interests=("choir", "music", "cats"),
    ),
    Inhabitant(
        username="ravi_tara",
        display_name="रवि तारापथ",
        about_me="दिन भर बस यही देखता हूँ कि रात कब होगी। तारा-मंडली का संयोजक। बादल मेरे पुराने दुश्मन हैं।",
        location="Heron Point, Kittiwick",
        interests=("stars", "tides", "photography"),
        website="https://nightsky.example.org",
    ),
    Inhabitant(
        username="noa_waves",
        display_name="נועה גלים",
        about_me=(
            "שוחה בים כל בוקר, גם כשכולם אומרים לי שלא. מרכזת את מועדון השחמט בימי חמישי. לא "
            "מוותרת על רצים."
        ),
        location="Pebble Beach, Kittiwick",
        interests=("chess", "swimming", "tides"),
    ),
    Inhabitant(
        username="lin_chaoxi",
        display_name="林潮汐",
        about_me=(
            "潮汐表编写人。每天记录海水的来去，偶尔也记录人的来去。请不要在大潮那天把车停在老码头。"
        ),
        location="Tide House, Old Quay",
        interests=("tides", "boats", "chess"),
        website="https://tides.example.net",
    ),
    Inhabitant(
        username="dalbit",
        display_name="한달빛 🌙",
        about_me=(
            "그림 그리는 사람. 항구의 고양이, 갈매기, 비 오는 창문을 그립니다. 주로 밤에 깨어 "
            "있어요."
        ),
        location="Above the chandlery, Kittiwick",
        interests=("art", "cats", "stars"),
        website="https://dalbit.example.com",
    ),
    Inhabitant(
        username="somchai_garden",
        display_name="สมชาย ริมคลื่น 🌶️",
        about_me="ปลูกพริก มะเขือ และความอดทน แปลงหมายเลข 12 ใครอยากชิมต้องรับผิดชอบลิ้นตัวเอง",
        location="Plot 12, Windmill Allotments",
        interests=("allotments", "cooking", "cats"),
    ),
    Inhabitant(
        username="colette_chante",
        display_name="Colette Vasselin",
        about_me=(
            "Cheffe de chœur. Trente-deux voix, un seul piano, et un diapason que je perds "
            "toujours au mauvais moment."
        ),
        location="Chapel Row, Kittiwick",
        interests=("choir", "music", "library"),
    ),
    Inhabitant(
        username="joern_uhr",
        display_name="Jörn Hafenbeck",
        about_me=(
            "Uhrmacher. Repariere, was tickt, und tröste, was nicht mehr tickt. Pünktlichkeit "
            "ist eine Form von Freundlichkeit."
        ),
        location="Lantern Street 4, Kittiwick",
        interests=("clocks", "chess", "ferry"),
        website="https://uhren.example.org",
    ),
    Inhabitant(
        username="tomas_mister",
        display_name="Tomás Redondela",
        about_me=(
            "Entrenador de los Kittiwick Rovers. Creo en la posesión, en la merienda y en que "
            "algún día ganaremos fuera de casa."
        ),
        location="Harbour Field, Kittiwick",
        interests=("football", "cooking", "ferry"),
    ),
    Inhabitant(
        username="lucia_caracola",
        display_name="Lucía Marenas 🐚",
        about_me=(
            "Maestra de la escuela del puerto. Veintitrés alumnos, doscientas preguntas al "
            "día. Colecciono caracolas y excusas para llegar tarde a clase."
        ),
        location="Harbour School, Kittiwick",
        interests=("library", "tides", "books"),
    ),
    Inhabitant(
        username="pip_the_post",
        display_name="Pip Harrow",
        about_me=(
            "Postie by morning, goalkeeper by Saturday. I know every dog in town by name and "
            "about half the people."
        ),
        location="Rope Walk, Kittiwick",
        interests=("football", "cats", "ferry"),
    ),
    Inhabitant(
        username="old_barnaby",
        display_name="Barnaby Thrupp",
        about_me=(
            "Kept the Ossel light for thirty-one years. Now I keep pigeons, opinions and a "
            "seat at the chess club. Never castled, never will."
        ),
        location="Lightkeeper's Cottage, Heron Point",
        interests=("chess", "history", "boats"),
    ),
    Inhabitant(
        username="wren_plot7",
        display_name="Wren Ashdown 🌱",
        about_me=(
            "Secretary, Windmill Allotments. Leeks, minutes of meetings, more leeks. The "
            "waiting list is long but so is life."
        ),
        location="Plot 7, Windmill Allotments",
        interests=("allotments", "choir", "bakery"),
        website="https://allotments.example.org",
    ),
    Inhabitant(
        username="harbour_gus",
        display_name="Gus Tideman",
        about_me=(
            "Harbour master. If it floats, I have a form for it. If it sinks, I have a "
            "different form."
        ),
        location="Harbour Office, Kittiwick",
        interests=("boats", "ferry", "tides"),
    ),
    Inhabitant(
        username="odile_fromages",
        display_name="Odile Rochebrune",
        about_me=(
            "Fromagère, au marché deux fois par semaine. Je chante soprano et je parle aux "
            "chèvres. Elles écoutent mieux que les ténors."
        ),
        location="Hill Farm, above Kittiwick",
        interests=("cooking", "choir", "bakery"),
    ),
    Inhabitant(
        username="yusuf_forge",
        display_name="يوسف السندان",
        about_me=(
            "حدّاد البلدة ولاعب شطرنج عنيد. أصلح الأبواب والمراسي والمقالي. الحديد يلين، أمّا "
            "نوعا في الشطرنج فلا."
        ),
        location="The Forge, Rope Walk",
        interests=("chess", "boats", "football"),
    ),
    Inhabitant(
        username="mayor_bell",
        display_name="Constance Bell",
        about_me=(
            "Mayor of Kittiwick (population 3,108 and one gull). Office hours most mornings. "
            "Yes, I have seen the pothole."
        ),
        location="Town Hall, Kittiwick",
        interests=("history", "library", "ferry"),
        website="https://townhall.example.org",
    ),
    Inhabitant(
        username="fergus_tuba",
        display_name="Fergus Mackle",
        about_me=(
            "Tuba, fiddle, and repairs to both. Bass section of the choir, which is mostly me. "
            "My neighbours are saints."
        ),
        location="Mussel Lane 10, Kittiwick",
        interests=("music", "choir", "football"),
    ),
    Inhabitant(
        username="tilda_tidepool",
        display_name="Tilda Brightwater 🐙",
        about_me=(
            "Marine biology student, up to the knees in it. Will show you an anemone whether "
            "you asked or not."
        ),
        location="Pebble Beach, Kittiwick",
        interests=("tides", "swimming", "photography"),
        website="https://tidepool.example.net",
    ),
    Inhabitant(
        username="kenji_noodles",
        display_name="波岡けんじ 🍜",
        about_me=(
            "港のラーメン屋、八席。スープは朝四時から。猫とカモメは入店をお断りしていますが、聞"
            "いてもらえません。"
        ),
        location="Old Quay 2, Kittiwick",
        interests=("cooking", "cats", "football"),
    ),
    Inhabitant(
        username="anita_vet",
        display_name="डॉ. अनीता सागरिका",
        about_me=(
            "पशु चिकित्सक। बिल्लियाँ, कुत्ते, बकरियाँ, और एक बार एक सील। मेरे मरीज़ शिकायत कम करते हैं, काटते "
            "ज़्यादा हैं।"
        ),
        location="The Surgery, Chapel Row",
        interests=("cats", "swimming", "allotments"),
    ),
    Inhabitant(
        username="petros_nets",
        display_name="Πέτρος Διχτυάς",
        about_me=(
            "Ψαράς. Ξυπνάω πριν από τον ήλιο και κοιμάμαι πριν από τις ειδήσεις. Η βάρκα μου "
            "λέγεται «Υπομονή»."
        ),
        location="Ossel Pier",
        interests=("boats", "tides", "cats"),
    ),
    Inhabitant(
        username="moss_on_wheels",
        display_name="Moss",
        about_me=(
            "Bike courier, all hills, no gears worth mentioning. They/them. Carries bread, "
            "books, once a cello."
        ),
        location="Wherever the bike is",
        interests=("bakery", "library", "football"),
    ),
    Inhabitant(
        username="bucket_no_3",
        display_name="Bucket No. 3 🪣",
        about_me=(
            "Galvanised. Stationed beneath the library ceiling, Local History, shelf C. I hold "
            "about nine litres and no grudges."
        ),
        location="Library, under the drip",
        interests=("library", "books", "tides"),
    ),
    Inhabitant(
        username="gerald_gull",
        display_name="Gerald",
        about_me="Gull. Chips.",
        location="Library roof",
        interests=("cooking", "boats"),
    ),
    Inhabitant(
        username="marigold_ferry",
        display_name="MV Marigold",
        about_me=(
            "Sailings between Kittiwick and Ossel Island. Times are shown in good faith. "
            "Written from the wheelhouse by whoever has a dry hand."
        ),
        location="Somewhere in the Sound",
        interests=("ferry", "tides"),
        website="https://marigold.example.com",
    ),
    Inhabitant(
        username="xiaohe_sews",
        display_name="赵小荷",
        about_me="裁缝。改裤脚、补船帆、缝合唱团的礼服。针要细，心要宽。店里有茶，随时来坐。",
        location="Lantern Street 11, Kittiwick",
        interests=("choir", "art", "chess"),
    ),
    Inhabitant(
        username="ostap_zirka",
        display_name="Остап Зіронька ✨",
        about_me=(
            "Будую телескопи з того, що знайду. Сплю вдень, мрію вночі. Якщо хмарно, печу вареники."
        ),
        location="Windmill Lane, Kittiwick",
        interests=("stars", "cooking", "photography"),
    ),
    Inhabitant(
        username="shira_alto",
        display_name="שירה חופית",
        about_me="אלט במקהלה, תופרת רשתות ביום. שרה גם כשאין חזרה, וגם כשמבקשים שלא.",
        location="Net Loft, Kittiwick",
        interests=("choir", "music", "boats"),
    ),
    Inhabitant(
        username="suji_cafe",
        display_name="바다수지 ☕",
        about_me=(
            "부두 끝 작은 카페. 배를 놓친 분들께는 두 번째 잔을 반값에 드려요. 장사가 잘되는 "
            "이유이기도 합니다."
        ),
        location="Pier End Café, Kittiwick",
        interests=("ferry", "bakery", "cats"),
        website="https://pierend.example.com",
    ),
    Inhabitant(
        username="hanno_beet",
        display_name="Hanno Wieselbach",
        about_me=(
            "Kleingärtner, Parzelle 8. Rote Bete, Rhabarber, Rechthaberei. Wer meine "
            "Schubkarre gesehen hat, bitte melden."
        ),
        location="Plot 8, Windmill Allotments",
        interests=("allotments", "chess", "clocks"),
    ),
    Inhabitant(
        username="paloma_luz",
        display_name="Paloma Sotillar 📷",
        about_me=(
            "Fotógrafa. Persigo la luz de las siete y a las gaviotas que se comen mi "
            "bocadillo. Revelo en el lavadero."
        ),
        location="Gull Steps, Kittiwick",
        interests=("photography", "stars", "football"),
        website="https://luz.example.net",
    ),
    Inhabitant(
        username="bea_gazette",
        display_name="Bea Finch",
        about_me=(
            "The Kittiwick Gazette: reporter, crossword setter, delivery. If it happened here, "
            "I was probably standing in the way. Corrections welcome."
        ),
        location="Gazette office, Chapel Row",
        interests=("history", "football", "ferry"),
        website="https://gazette.example.org",
    ),
    Inhabitant(
        username="imogen_archive",
        display_name="Imogen Sallow",
        about_me=(
            "Town archivist. I can tell you who owned your house, what they paid and what they "
            "grumbled about. It was usually the ferry."
        ),
        location="The Archive, Town Hall cellar",
        interests=("history", "library", "clocks"),
    ),
    Inhabitant(
        username="zola_radio",
        display_name="Zola Kestrel 📻",
        about_me=(
            "The late show on Harbour Radio, ten till the kettle boils. Requests, shipping "
            "news, one slow song."
        ),
        location="The Net Loft, upstairs",
        interests=("music", "stars", "ferry"),
        website="https://radio.example.com",
    ),
)

POSTS: tuple[TownPost, ...] = (
    # An ordinary week
    TownPost(
        "marigold_ferry",
        "Good morning Kittiwick. First sailing 06:40, sea slight, kettle on.",
    ),
    TownPost(
        "ines_panadera",
        "Buenos días. Dolores ha subido tanto esta noche que ha levantado la tapa del cubo. "
        "Hoy hay hogaza para todos.",
    ),
    TownPost(
        "moss_on_wheels",
        "First delivery of the day: eleven loaves up Kiln Hill. Twelve were packed. I have no "
        "further comment.",
    ),
    TownPost("ines_panadera", "@moss_on_wheels Hay migas en tu timbre, Moss."),
    TownPost(
        "captain_marta",
        "We left at 06:40. The quay clock says 06:51. I don't know what to tell you.",
    ),
    TownPost(
        "suji_cafe",
        "To everyone who just missed the Marigold: second cup is half price, as always. There "
        "are nine of you. Hello.",
    ),
    TownPost(
        "pip_the_post",
        "Counted the dogs on the round this morning: 31. A personal best. The one at number 6 "
        "carried a letter to the door for me.",
    ),
    TownPost(
        "haruka_clay",
        "窯を開けました。青い釉薬がやっと思った通りの色に。みそは全く興味がないようです。",
    ),
    TownPost(
        "lin_chaoxi",
        "Tides for today at the Old Quay: low 05:12, high 11:28, low 17:40, high 23:51. Height "
        "at noon 4.1 m. Bring the small chairs in. #tides",
    ),
    TownPost("lin_chaoxi", "今天的潮水很安静，像一位刚睡醒的老先生。"),
    TownPost(
        "wren_plot7",
        "Windmill Allotments notices:\n\n"
        "1. The tap by plot 3 is working again.\n"
        "2. The tap by plot 9 is not.\n"
        "3. Whoever is feeding the heron, please stop. It has started to wait outside the shed.",
    ),
    TownPost(
        "hanno_beet",
        "Meine Schubkarre ist weg. Grün, ein Rad, quietscht in Moll. Ich verdächtige "
        "niemanden, aber ich schaue alle an.",
    ),
    TownPost("wren_plot7", "@hanno_beet Have you looked behind your own rhubarb?"),
    TownPost(
        "hanno_beet",
        "@wren_plot7 Natürlich habe ich hinter meinem Rhabarber geschaut. Dort ist nur noch "
        "mehr Rhabarber.",
    ),
    TownPost(
        "colette_chante",
        "Répétition ce soir à sept heures, chapelle du haut. On reprend à la mesure 42, celle "
        "où les ténors se perdent depuis l'hiver.",
    ),
    TownPost(
        "fergus_tuba", "The tenors are not lost. They are exploring.", answers="colette_chante"
    ),
    TownPost(
        "svetlana_keys",
        "Настроила пианино в часовне. Одна клавиша всё равно поёт что-то своё. Будем считать "
        "её солисткой.",
    ),
    TownPost(
        "petros_nets",
        "Σαράντα σαρδέλες, δύο χταπόδια και μία μπότα. Η μπότα ήταν δεξιά. Αν έχει κανείς την "
        "αριστερή, να μιλήσουμε.",
    ),
    TownPost(
        "eleni_psari",
        "@petros_nets Τις σαρδέλες τις παίρνω όλες. Την μπότα κράτα την για το χειμώνα.",
    ),
    TownPost("gerald_gull", "Chip."),
    TownPost(
        "tomas_mister",
        "Entrenamiento a las seis. Hoy practicamos saques de banda, porque el sábado pasado "
        "regalamos cuatro. Traed agua y humildad.",
    ),
    TownPost("pip_the_post", "@tomas_mister I will bring the water."),
    TownPost(
        "nadia_sea",
        "الليلة السماء صافية إن شاء الله. نلتقي عند رأس مالك الحزين في التاسعة، ومعي ترمس قهوة "
        "كبير.",
    ),
    TownPost(
        "ravi_tara",
        "आज रात बृहस्पति साफ़ दिखना चाहिए। दूरबीन तैयार है, चाय तैयार है, बस बादलों से बात करनी बाकी है।",
    ),
    TownPost(
        "ostap_zirka",
        "Новий телескоп готовий: труба від старого водостоку, дзеркало я шліфував пів року. "
        "Працює. Сам не вірю.",
    ),
    TownPost(
        "ravi_tara",
        "Night-sky group at Heron Point tonight, nine o'clock. All ages. Red torches only "
        "please, and if you bring a dog, bring one that doesn't bark at the moon. #nightsky",
    ),
    TownPost(
        "old_barnaby",
        "The moon has never once barked back. I kept a light for 31 years and I would know.",
        answers="ravi_tara",
    ),
    TownPost("noa_waves", "הים הבוקר: אחת עשרה מעלות. אני: גיבורה. האצבעות שלי: לא בטוחות."),
    TownPost(
        "tilda_tidepool",
        "Found a strawberry anemone the size of a button under the third groyne. I have been "
        "crouched here for forty minutes and my boots are full. Worth it.",
    ),
    TownPost(
        "noa_waves",
        "Chess club, Thursday, back room of the library. We are missing one white bishop. "
        "Until it turns up, the pepper pot plays on c1 and moves diagonally like everyone else.",
    ),
    TownPost(
        "yusuf_forge",
        "لعبتُ ضدّ علبة فلفل بدل الفيل وخسرت. سأكتب هذا على باب الورشة كي أتواضع.",
        answers="noa_waves",
    ),
    TownPost(
        "dewi_reads",
        'Returned today, no note, through the letterbox: "Knots and Splices", due back 1987. '
        "It smells of tar and apology. Fine waived.",
    ),
    TownPost(
        "imogen_archive",
        "@dewi_reads Let me see the borrower's card before you file it. I have a theory and a "
        "family tree.",
    ),
    TownPost(
        "dalbit",
        "비가 올 것 같아서 창문을 그렸어요. 아직 안 오네요. 그림이 먼저 젖었습니다.",
    ),
    TownPost("somchai_garden", "พริกต้นแรกของปีออกดอกแล้ว ต้นเล็กแต่ใจใหญ่ 🌶️"),
    TownPost("somchai_garden", "@wren_plot7 The heron is not my fault. It likes my singing."),
    TownPost(
        "mayor_bell",
        "A reminder that the town meeting is at seven on the first Tuesday. Agenda:\n\n"
        "1. The pothole\n"
        "2. The bench\n"
        "3. The other pothole\n"
        "4. Any other business\n\n"
        "There will be biscuits.",
    ),
    TownPost(
        "bea_gazette",
        "Gazette front page this week: TAP MENDED. Page two: OTHER TAP NOT. I take my "
        "responsibilities seriously.",
    ),
    TownPost(
        "zola_radio",
        "Late show from ten. Tonight: two sea songs, one song that only sounds like a sea "
        'song, and the forecast, which I\'m told contains the word "considerable".',
    ),
    TownPost("marigold_ferry", "⛴️🌊🌧️☕"),
    TownPost(
        "captain_marta",
        'For the visitor who asked: yes, the 17:20 does leave at about 17:20. "About" is doing '
        "honest work in that sentence.",
    ),
    TownPost(
        "xiaohe_sews",
        "今天补了一面船帆、三条裤子和一只布熊。布熊最难，主人一直站在旁边看着。",
    ),
    TownPost(
        "lucia_caracola",
        "Hoy un alumno me ha preguntado si el mar está lleno por abajo. Llevo tres horas "
        "pensándolo.",
    ),
    TownPost(
        "paloma_luz",
        "La luz de esta tarde sobre el muelle viejo parecía miel. Hice dos fotos y luego me "
        "quedé mirando, que también cuenta.",
    ),
    # Rain
    TownPost(
        "zola_radio",
        "It is raining on the roof of the Net Loft in four-four time. If you are awake too, "
        "this next one is yours.",
    ),
    TownPost("ravi_tara", "Cancelled: clouds. All of them, I think."),
    TownPost("ostap_zirka", "Хмарно. Печу вареники. З картоплею, якщо хтось ще не спить."),
    TownPost(
        "nadia_sea",
        "شربنا القهوة كلّها تحت المظلّة ولم نرَ نجمة واحدة. كانت أمسية جميلة رغم ذلك.",
    ),
    TownPost(
        "dewi_reads",
        "Opened up this morning and heard a small, polite sound from Local History.\n\n"
        "Drip.\n\n"
        "It is coming from the ceiling above shelf C. I have moved the parish maps, the tide "
        "books and a very surprised spider. A bucket has been deployed.",
    ),
    TownPost("bucket_no_3", "Hello. I have been deployed."),
    TownPost("imogen_archive", "Running. Do not let it touch the 1911 harbour survey."),
    TownPost(
        "moss_on_wheels",
        "Carried 40 boxes of books downstairs with @oleksa_boats and half of the chess club. "
        "My arms are now a different length. Both of them.",
    ),
    TownPost(
        "oleksa_boats",
        "Подивився на стелю бібліотеки знизу. Знизу вона мені не сподобалась. Завтра полізу й "
        "подивлюся згори.",
    ),
    TownPost("bucket_no_3", "Level: 2 litres. Mood: useful."),
    TownPost(
        "lucia_caracola",
        "Mis alumnos han escrito cartas a la gotera de la biblioteca. Copio algunas:\n\n"
        '"Querida gotera, por favor, descansa."\n'
        '"Gotera, ¿tienes madre? ¿Sabe dónde estás?"\n'
        '"Si quieres leer, entra por la puerta como todos."\n'
        '"Yo también me hago agua cuando estoy triste. Se pasa."\n\n'
        "Las llevo mañana, @dewi_reads. La última la he firmado yo.",
    ),
    TownPost(
        "mayor_bell",
        "I have visited the library and stood under the drip in an official capacity. It is a "
        "real drip. The council will discuss it, and I will bring a towel.",
    ),
    TownPost(
        "old_barnaby",
        "That roof was put on in a hurry in '58, after the big blow. My father held the "
        "ladder. They had no slate, so they used what came off the net loft, and they had no "
        "nails, so they used boat nails, and they had no daylight, so my mother stood in the "
        "street with a lamp and told them when they were crooked.\n\n"
        'He said at the time, "That\'ll do for now."\n\n'
        "Well, now's over.",
    ),
    TownPost(
        "bea_gazette",
        "LIBRARY LEAKS, says the Gazette. The library declined to comment, but it did so wetly.",
    ),
    TownPost(
        "haruka_clay",
        "みそが昨日の夜から帰ってきません。三毛、右の前足だけ白、鈴のついた青い首輪。港のあたり"
        "で見かけた方、教えてください。",
    ),
    TownPost(
        "haruka_clay",
        "Miso has not come home since last night. Calico, one white paw (front right), blue "
        "collar with a little bell. She answers to Miso, or to the sound of a tin. Please look "
        "in your sheds. #FindMiso",
    ),
    TownPost(
        "pip_the_post",
        "@haruka_clay I'll ask every door on the round. And every dog, discreetly. #FindMiso",
    ),
    TownPost(
        "dalbit",
        "@haruka_clay 미소 그림으로 전단지를 만들게요. 제 스케치북에 미소가 스물세 마리나 있어요.",
    ),
    TownPost(
        "anita_vet",
        "@haruka_clay चिंता मत कीजिए, बारिश में बिल्लियाँ अक्सर कहीं सूखे में छिप जाती हैं। मैं क्लिनिक के सब "
        "शेड देख रही हूँ।",
    ),
    TownPost(
        "kenji_noodles",
        "みそちゃん、うちの裏口には来ていません。いつもの時間に煮干しを三匹置いておきます。",
        answers="haruka_clay",
    ),
    TownPost(
        "suji_cafe",
        "Not under the café counter, not in the boat, not in the flour bin. I looked in the "
        "flour bin twice because of the eyes, but it was a button. #FindMiso",
        answers="haruka_clay",
    ),
    TownPost(
        "somchai_garden",
        "แปลงผักไม่มีแมว มีแต่นกกระสายืนตากฝนทำหน้าเศร้า จะช่วยดูให้ทุกเย็นนะครับ #FindMiso",
        answers="haruka_clay",
    ),
    TownPost(
        "marigold_ferry",
        "11:10 sailing delayed. A seal is asleep on the slipway and Captain Marta says she "
        "isn't going to be the one to wake it.",
    ),
    TownPost(
        "harbour_gus",
        "I have a form for a vessel obstructing the slip, and a form for livestock. I do not "
        "have a form for this.",
        answers="marigold_ferry",
    ),
    TownPost(
        "tilda_tidepool",
        "It's a grey seal, a young male, just resting after the weather. Please stay thirty "
        "paces back and let him snore. I have put up a rope and a very stern sign.",
    ),
    TownPost("gerald_gull", "🦭😴", answers="tilda_tidepool"),
    TownPost(
        "captain_marta",
        "Seal has left, with dignity. Sailing now. Forty-one minutes, and for once nobody "
        "complained; they were all taking photographs.",
    ),
    TownPost(
        "paloma_luz",
        "Foto del día: una foca dormida, un ferry esperando y cuarenta personas hablando en "
        "voz baja. https://luz.example.net/foca",
    ),
    TownPost(
        "fergus_tuba",
        "Practised the slow movement with the window shut, as agreed. @svetlana_keys knocked "
        "on the wall in the correct tempo.",
    ),
    TownPost("svetlana_keys", "@fergus_tuba Это была не жалоба, это был аккомпанемент."),
    TownPost(
        "tomas_mister",
        "Rovers 0, Brackenmouth 3. El campo parecía una piscina y nosotros, los flotadores. "
        "Mañana, descanso y lentejas.",
    ),
    TownPost(
        "pip_the_post",
        "Two of the three hit a puddle and changed their minds. The third was my fault. I saw "
        "a cat by the corner flag and thought it was Miso. It was a traffic cone.",
        answers="tomas_mister",
    ),
    TownPost("bea_gazette", "Match report: Rovers nil, Brackenmouth three, weather eleven."),
    TownPost(
        "yusuf_forge",
        "كنتُ في المدرّجات تحت المطر مع ستّة مشجّعين وكلب. الكلب غادر بين الشوطين.",
    ),
    TownPost(
        "shira_alto",
        "חזרה במקהלה בלי חשמל, רק נרות וגשם על הגג. זה היה היפה ביותר שלנו השנה, ואף אחד לא "
        "ראה את התווים.",
    ),
    TownPost(
        "odile_fromages",
        "Chanter à la lueur des bougies, c'est merveilleux. Chercher ensuite sa voiture dans "
        "le noir, moins.",
    ),
    TownPost(
        "colette_chante",
        "Quelqu'un a-t-il vu mon diapason ? Je l'avais posé sur le rebord de la fenêtre de la "
        "bibliothèque, juste à côté d'un biscuit. Le biscuit a disparu aussi.",
    ),
    TownPost(
        "joern_uhr",
        "Merkwürdig: Mir fehlt seit gestern der Schlüssel für die Rathausuhr. Messing, blank "
        "poliert. Er lag auf dem Fensterbrett, direkt neben meinem Käsebrot.",
    ),
    TownPost(
        "joern_uhr",
        "Anyone who finds a polished brass clock key, please bring it to Lantern Street 4. "
        "Without it the Town Hall clock has about six days to live.",
    ),
    TownPost(
        "bucket_no_3",
        "Level: 8.5 litres. I am told I will be emptied. I am told this every time and every "
        "time it is lovely.",
    ),
    TownPost(
        "dewi_reads",
        "Estimate for the roof came in at 4,000 crowns. I have read it three times, once "
        "aloud, in case it was a misprint. It is not a misprint. The council can wait until "
        "summer; the ceiling cannot.",
    ),
    TownPost(
        "wren_plot7",
        "@dewi_reads Then we do it ourselves. Windmill Allotments pledges the takings from the "
        "plant sale. That is usually 60 crowns and an argument.",
    ),
    TownPost(
        "ines_panadera",
        "@dewi_reads La panadería pone una hucha en el mostrador. Y una parte de cada hogaza. "
        "Dolores está de acuerdo, ha hecho una burbuja.",
    ),
    TownPost(
        "suji_cafe",
        "Every second cup at Pier End goes to the roof. The Marigold will have us funded by "
        "autumn. #RoofFund",
    ),
    TownPost(
        "captain_marta",
        "@suji_cafe I have never been so moved and so insulted by the same sentence.",
    ),
    TownPost(
        "xiaohe_sews",
        "我来做一块大布，画上屋顶，每捐一克朗就缝上一片瓦。这样大家都看得见。",
    ),
    TownPost(
        "xiaohe_sews",
        "I am making a big cloth roof for the library window. For every crown given, one small "
        "tile is sewn on. 4,000 tiles. I have a comfortable chair and good light. #RoofFund",
    ),
    TownPost(
        "imogen_archive",
        "In 1898 this town raised money for a lifeboat by auctioning a pig, which the winner "
        "then gave back to be auctioned again. It was sold nineteen times. I'm only mentioning "
        "it.",
    ),
    TownPost(
        "odile_fromages",
        "@imogen_archive Je n'ai pas de cochon, mais j'ai un fromage de quatre kilos qui a bon "
        "caractère.",
    ),
    TownPost(
        "mayor_bell",
        "A roof fund is hereby opened at the library desk and at "
        "https://townhall.example.org/roof. First donation received: 3 crowns and a toffee, "
        "from a gentleman of six. #RoofFund",
    ),
    # The search and the collection
    TownPost(
        "moss_on_wheels",
        "Put up 60 Miso posters drawn by @dalbit. By noon 14 were gone. Not the weather: "
        "people are keeping them.",
    ),
    TownPost(
        "dalbit",
        "포스터를 가져가셔도 괜찮아요. 대신 미소를 찾으면 꼭 알려 주세요. 한 장 더 그릴게요.",
    ),
    TownPost(
        "anita_vet",
        "Reports of a calico cat so far today: Rope Walk (was a cushion), Chapel Row (was a "
        "different cat, named Sergeant), Ferry Steps (possibly!). Keep looking, and leave shed "
        "doors ajar. #FindMiso",
    ),
    TownPost(
        "zola_radio",
        "Tonight's shipping news ends with a notice to all small craft: one cat, calico, white "
        "paw, blue collar. Proceed with caution and perhaps a sardine. #FindMiso",
    ),
    TownPost(
        "petros_nets",
        "Στο μόλο του Όσελ εμφανίστηκε μια γάτα και μου έκλεψε μια σαρδέλα με μεγάλη ευγένεια. "
        "Μετά εξαφανίστηκε. Δεν είμαι σίγουρος τι χρώμα είχε, ήταν πέντε το πρωί.",
    ),
    TownPost("eleni_psari", "@petros_nets Πέτρο, αύριο να πάρεις φακό. Και δεύτερη σαρδέλα."),
    TownPost(
        "haruka_clay",
        "Thank you all. The kiln is off and the house is very quiet. I keep making small bowls.",
    ),
    TownPost(
        "kenji_noodles",
        "@haruka_clay 晩ごはん、まだでしょう。味噌ラーメン以外にしておきました。塩です。届けに"
        "行きます。",
    ),
    TownPost(
        "anita_vet",
        "बिल्ली अगर तीन दिन भी न लौटे तो भी उम्मीद रखिए। मेरी अपनी बिल्ली एक बार पड़ोसी के घर छुट्टियाँ "
        "मनाकर लौटी थी।",
    ),
    TownPost(
        "dewi_reads",
        "#RoofFund, day two: 212 crowns, one foreign button, and an IOU from the chess club. "
        "Thank you. The toffee has been eaten.",
    ),
    TownPost(
        "noa_waves",
        "The IOU is good. We are planning a simultaneous exhibition: I play twelve boards at "
        "once, two crowns a board, five if you want a hint from @old_barnaby.",
        answers="dewi_reads",
    ),
    TownPost(
        "old_barnaby",
        "My hint is always the same. Leave the king where he is. He's comfortable.",
        answers="noa_waves",
    ),
    TownPost(
        "yusuf_forge",
        "سجّلوني في اللوح الأوّل. سأخسر من أجل السقف، ولكن ببطء شديد.",
        answers="noa_waves",
    ),
    TownPost(
        "hanno_beet",
        "Zwölf Bretter gleichzeitig. Ich habe schon mit einem Brett Schwierigkeiten, und das "
        "ist das im Schuppen.",
        answers="noa_waves",
    ),
    TownPost("lin_chaoxi", "@noa_waves 我报名。不过请安排在退潮的时候，涨潮时我要去看水尺。"),
    TownPost(
        "lin_chaoxi",
        "Advance notice: the big spring tides begin next week. Highest water 5.6 m, about an "
        "hour before midnight. Do not leave cars, boats, benches or picnics on the Old Quay. "
        "Full table: https://tides.example.net/spring #tides",
    ),
    TownPost(
        "harbour_gus",
        "I repeat what @lin_chaoxi says, only louder. Last year I filled in eleven forms for "
        "floating benches.",
    ),
    TownPost(
        "lucia_caracola",
        "Hoy hemos dibujado la tabla de mareas en el patio con tiza. Ha salido una montaña "
        "rusa preciosa. Luego ha subido la marea de verdad y nos la ha corregido.",
    ),
    TownPost(
        "tilda_tidepool",
        "Spring tide means spring LOW tide too, which means the kelp forest walks out of the "
        "sea for an hour and says hello. Guided walk at the lowest ebb, meet at the third "
        "groyne, wellies essential. Five crowns for the roof, octopus not guaranteed. #RoofFund",
    ),
    TownPost(
        "noa_waves",
        "@tilda_tidepool אני באה. אם נפגוש תמנון, אני מזמינה אותו למועדון השחמט. שמונה לוחות "
        "בבת אחת.",
    ),
    TownPost(
        "marigold_ferry",
        "Service notice: we are running slow on one engine while the gearbox thinks about its "
        "life. Crossings take 35 minutes instead of 22. The view is the same, there's just "
        "more of it.",
    ),
    TownPost(
        "captain_marta",
        "The gearbox needs a spring washer that was last manufactured when my grandmother was "
        "skipper. If anyone has one in a drawer, I'll trade it for a year of crossings.",
    ),
    TownPost(
        "joern_uhr",
        "@captain_marta Bringen Sie mir das alte Teil. Eine Feder ist eine Feder, ob im Wecker "
        "oder im Schiff.",
    ),
    TownPost(
        "suji_cafe",
        "Sold out of everything by ten. Marta, I say this with love: never change.",
    ),
    TownPost(
        "suji_cafe",
        "오늘 배가 사십 분 늦었어요. 덕분에 두 할머니가 사십 년 만에 다시 이야기를 나누셨습니다.",
    ),
    TownPost(
        "tomas_mister",
        "Autobús, ferry y otro autobús para llegar a Dunlinsea. Hemos calentado en la "
        "cubierta. El balón ha calentado en el agua.",
    ),
    TownPost(
        "tomas_mister",
        "Dunlinsea 1, Rovers 1. Un punto fuera de casa. Lo he abrazado todo: al portero, al "
        "árbitro, a un poste.",
    ),
    TownPost(
        "pip_the_post",
        "He really did hug the post. The post looked pleased.",
        answers="tomas_mister",
    ),
    TownPost(
        "bea_gazette",
        "ROVERS DRAW. I have had that headline set in type since last spring and I'm delighted "
        "to use it at last.",
    ),
    TownPost("kenji_noodles", "引き分け記念、今夜は煮卵ひとつサービスします。勝ったら二つ。"),
    TownPost("kenji_noodles", "@pip_the_post Two eggs for the goalkeeper. House rule."),
    TownPost(
        "colette_chante",
        "Le concert pour le toit est décidé : le dernier samedi, sur le quai, en plein air, "
        "s'il ne pleut pas. S'il pleut, dans la bibliothèque, et le toit chantera avec nous.",
    ),
    TownPost(
        "fergus_tuba",
        "The programme has a tuba solo in it. I did not ask for this. I merely left the score "
        "open on the piano for three weeks.",
    ),
    TownPost(
        "svetlana_keys",
        "Три недели ноты лежали раскрытыми на пианино. Я сдалась. Соло для тубы будет.",
    ),
    TownPost(
        "shira_alto",
        "שלוש שעות תפרתי רשת וזמזמתי את קול האלט. עכשיו כל הדייגים במזח יודעים אותו.",
    ),
    TownPost("wren_plot7", "Altos, we are flat in bar 17. I know because the heron left."),
    TownPost(
        "somchai_garden",
        "วันนี้นกกระสากลับมาแล้ว ผมร้องเพลงให้ฟังสองเพลง มันทำหน้าเหมือนกรรมการประกวด",
    ),
    TownPost(
        "hanno_beet",
        "Still no wheelbarrow. I moved forty kilos of compost in a pillowcase. My wife has "
        "questions.",
    ),
    TownPost(
        "imogen_archive",
        'A small wonder from the cellar: the 1903 harbour ledger, page 88. "The ferry late '
        'again. Mr Ellwood says the clock is wrong. The clock is not wrong."\n\n'
        "@captain_marta, that would be your great-grandfather.",
    ),
    TownPost("captain_marta", "@imogen_archive We are a consistent family."),
    TownPost(
        "joern_uhr",
        "@imogen_archive Moment. Wer hat damals geprüft, ob die Uhr richtig geht?",
    ),
    TownPost(
        "imogen_archive",
        '@joern_uhr Nobody. It says here, "It is the harbour clock, and therefore correct."',
    ),
    TownPost("joern_uhr", "I am putting on my coat."),
    # The harbour clock and the spring tide
    TownPost(
        "joern_uhr",
        "I have now compared the harbour clock with three chronometers, the radio signal and "
        "the sun.\n\n"
        "The harbour clock is eleven minutes fast.\n\n"
        "It has been eleven minutes fast, as far as I can tell from the wear on the pinion, "
        "for well over a century.",
    ),
    TownPost(
        "captain_marta",
        "I would like everyone to read that again, slowly, and then look at me.",
        answers="joern_uhr",
    ),
    TownPost(
        "marigold_ferry",
        "We have recalculated. Average delay over the past year: minus two minutes. We have "
        "been leaving EARLY.",
    ),
    TownPost("suji_cafe", "So the nine people every morning were…", answers="marigold_ferry"),
    TownPost("captain_marta", "@suji_cafe Late. They were late, Suji."),
    TownPost(
        "bea_gazette",
        "Stop press. Literally: I ran across Chapel Row and stopped the press. THE FERRY WAS "
        "RIGHT.",
    ),
    TownPost(
        "mayor_bell",
        "The council met in emergency session about the harbour clock. Motion to correct it: 4 "
        "in favour, 4 against, one asleep. The clock stays as it is until further notice.",
    ),
    TownPost(
        "old_barnaby",
        "Leave the clock be. I proposed under that clock. If it's wrong, I was eleven minutes "
        "braver than I thought.",
    ),
    TownPost(
        "lucia_caracola",
        "Mis alumnos quieren saber si, con el reloj adelantado, llevan toda la vida saliendo "
        "al recreo antes de tiempo. He dicho que es un misterio.",
    ),
    TownPost("lin_chaoxi", '难怪。一百多年来潮水总是"迟到"十一分钟，我还以为是月亮的问题。'),
    TownPost(
        "joern_uhr",
        "Ein Kompromiss liegt auf dem Tisch: zweiter Minutenzeiger, rot, für die echte Zeit. "
        "Der alte bleibt für die Gefühle.",
    ),
    TownPost("yusuf_forge", "@joern_uhr أنا أصنع العقرب الأحمر مجّانًا. حديد جيّد لوقت صحيح."),
    TownPost(
        "zola_radio",
        "It is ten o'clock. Or it is eleven minutes past, if you live in your heart on the "
        "harbour. This is the late show.",
    ),
    TownPost(
        "ravi_tara",
        "घड़ी ग्यारह मिनट आगे थी, इसलिए हम हर बार ग्यारह मिनट पहले आसमान देख रहे थे। बादल तब भी थे।",
    ),
    TownPost(
        "harbour_gus",
        "High water tonight, 5.6 metres. I've walked the Old Quay end to end and it is clear "
        "apart from one bench, which is bolted down and has my full confidence.",
    ),
    TownPost("harbour_gus", "The bench has gone.", answers="harbour_gus"),
    TownPost(
        "petros_nets",
        "@harbour_gus Found it. It is sitting very nicely on Ossel beach, facing the sunset. I "
        "am on it now. It's a good bench.",
    ),
    TownPost(
        "paloma_luz",
        "Anoche el agua llegó hasta el segundo escalón del muelle y las farolas parecían dos "
        "veces más altas. Fotos en https://luz.example.net/marea",
    ),
    TownPost(
        "nadia_sea",
        "أخذتُ تلاميذي لرؤية المدّ العالي، وشرحتُ لهم أنّ القمر والشمس يشدّان معًا في الاتّجاه نفسه. "
        "سألني أحدهم: ومن يفوز؟",
    ),
    TownPost(
        "tilda_tidepool",
        "Kelp walk report: 34 people, 170 crowns for the roof, two lost wellies, one "
        "recovered. We saw sea hares, a pipefish, brittle stars, and the octopus. She looked "
        "at each of us in turn like a headteacher, then took a pen from my pocket and left.\n\n"
        "I am so happy I could cry. Also, I need a pen. #RoofFund",
    ),
    TownPost(
        "noa_waves",
        "התמנון לקח לטילדה את העט. אני אומרת לכם, היא באה למועדון לרשום מהלכים.",
    ),
    TownPost("tilda_tidepool", "🐙🖊️❤️"),
    TownPost(
        "dalbit",
        "문어가 펜을 들고 있는 그림을 그렸습니다. 엽서로 만들어서 지붕 기금에 보탤게요. 한 "
        "장에 1크라운이에요.",
    ),
    TownPost(
        "dewi_reads",
        "#RoofFund, one week: 1,150 crowns. Sorted by weight it is mostly small coins, which "
        "is to say mostly people. Children's corner contributed a jam jar labelled FOR THE SKY "
        "NOT TO COME IN.",
    ),
    TownPost(
        "bucket_no_3",
        "Light rain. Level: 1 litre. A boy read me a poem about ducks. I am not supposed to "
        "have favourites.",
    ),
    TownPost(
        "xiaohe_sews",
        "已经缝了一千一百五十片瓦。手指有点酸，但是橱窗前总有人站着数，数错了又重新数。",
    ),
    TownPost(
        "oleksa_boats",
        "Був на даху. Шифер старий, але терпить. Дивно інше: жолоб із північного боку забитий "
        "чимось твердим, і звідти на мене дуже суворо подивилися.",
    ),
    TownPost(
        "oleksa_boats",
        "I could not clear the gutter. There is a nest in it and a gull on the nest. We had a "
        "discussion. I lost my hat.",
    ),
    TownPost("gerald_gull", "Hat."),
    TownPost("oleksa_boats", "@gerald_gull I would like it back when you have finished."),
    TownPost(
        "odile_fromages",
        "Au marché, une mouette m'a pris une cuillère à goûter. Pas le fromage, la cuillère. "
        "Je suis vexée pour le fromage.",
    ),
    TownPost(
        "eleni_psari",
        "I am missing five teaspoons. The customers are honest people. I am beginning to look "
        "upwards.",
    ),
    TownPost(
        "bea_gazette",
        "The Gazette is opening a file. Missing since last month: one tuning fork, one brass "
        "clock key, six teaspoons, one hat, one white bishop, the library's date stamp. Common "
        "factor: all shiny, except the hat. Informants may write to "
        "https://gazette.example.org/tips.",
    ),
    TownPost(
        "dewi_reads",
        "@bea_gazette The date stamp is NOT missing. It is… let me call you back.",
    ),
    TownPost("gerald_gull", "Spoon."),
    TownPost(
        "ostap_zirka",
        "Прогноз: ясно о третій ночі на двадцять хвилин. Я встану. Хто зі мною?",
    ),
    TownPost("ravi_tara", "@ostap_zirka मैं आ रहा हूँ। नाद्या और कॉफ़ी को भी जगा दीजिए।"),
    TownPost("nadia_sea", "@ravi_tara أنا مستيقظة أصلًا. والقهوة مستيقظة قبلي."),
    TownPost(
        "ostap_zirka",
        "Було ясно рівно дев'ять хвилин. Ми бачили кільця Сатурна втрьох, по черзі, і ніхто "
        "нічого не казав. Потім прийшла хмара і сіла просто на нас.",
    ),
    TownPost("ravi_tara", "Nine minutes of Saturn. I have driven further for less."),
    TownPost(
        "wren_plot7",
        "Plant sale results: 94 crowns for the roof and only a medium-sized argument (whether "
        "a courgette is a small marrow, again). Thank you all. @hanno_beet, please stop "
        "putting price labels on other people's gooseberries.",
    ),
    TownPost(
        "hanno_beet",
        "@wren_plot7 Eine Stachelbeere ohne Preis ist eine Stachelbeere ohne Würde.",
    ),
    TownPost(
        "somchai_garden",
        "ขายต้นพริกได้ยี่สิบสามต้น เตือนทุกคนแล้วว่าเผ็ด มีคนหนึ่งหัวเราะ พรุ่งนี้เขาคงไม่หัวเราะ",
    ),
    TownPost(
        "fergus_tuba",
        "@somchai_garden It was me. I laughed. I am in the garden with my mouth under the "
        "working tap.",
    ),
    TownPost(
        "somchai_garden",
        "@fergus_tuba Milk, not water. I told you this when I sold it. I told you twice.",
    ),
    TownPost("fergus_tuba", "🌶️🔥🥛🥛🥛"),
    TownPost(
        "ines_panadera",
        "He intentado enseñar a Moss a alimentar la masa madre. Le ha cantado una nana. Y lo "
        "peor es que ha funcionado.",
    ),
    TownPost("moss_on_wheels", "Dolores prefers the second verse."),
    TownPost(
        "pip_the_post",
        "Chipped a letter over a hedge into an open window on Rope Walk today. First time. "
        "Nobody saw. I'm telling you all.",
    ),
    TownPost(
        "svetlana_keys",
        "Кот соседки слушал всю репетицию под пианино и ушёл ровно перед соло тубы. У него "
        "безупречный вкус. Но это не Мисо, у него четыре чёрные лапы.",
    ),
    TownPost(
        "haruka_clay",
        "Ten days. I leave the window open and the blue bowl on the step. This morning the "
        "bowl was empty. It may have been the hedgehog. I would like to think it was a polite "
        "thank-you from somebody.",
    ),
    TownPost(
        "petros_nets",
        "Η γάτα ξανά στο μόλο, με το καράβι των έξι και σαράντα. Κατέβηκε από τη ράμπα σαν "
        "επιβάτης. Έχει γαλάζιο κολάρο. Χαρούκα, νομίζω πως…",
    ),
    TownPost(
        "petros_nets",
        "@haruka_clay Blue collar. White paw, front, right. She walked off the 06:40 like she "
        "had a ticket. #FindMiso",
    ),
    # Miso
    TownPost("haruka_clay", "I am on the next boat."),
    TownPost(
        "captain_marta",
        "Holding the 09:15 for @haruka_clay. Anyone who objects may speak to me, or to the "
        "nine people from the café, who are all aboard for the first time and know what the "
        "occasion demands.",
    ),
    TownPost("suji_cafe", "I closed the café. I'm on the boat. So is everybody."),
    TownPost(
        "marigold_ferry",
        "09:15 departed 09:19 by anyone's clock. Passengers: 112. Sardines: several.",
    ),
    TownPost(
        "bea_gazette",
        "Reporting from the deck. @pip_the_post has his postbag. @anita_vet has hers. "
        '@kenji_noodles brought dried fish in an envelope addressed to "Miso, wherever". There '
        "is a hush on board I've only otherwise heard at penalties.",
    ),
    TownPost(
        "haruka_clay",
        "みそは桟橋にいませんでした。でも、みんなが一緒に名前を呼んでくれました。島じゅうに響い"
        "ていました。",
    ),
    TownPost(
        "captain_marta",
        "Well.\n\n"
        "I went to get a life jacket out of the port locker for the run home, because one of "
        "the children wanted to try one on. The locker was warm. It's against the engine "
        "casing. It has a blanket in it that I did not put there.\n\n"
        "There is a cat on the blanket.",
    ),
    TownPost("haruka_clay", "MISO."),
    TownPost(
        "haruka_clay",
        "いました。いました。救命胴衣の箱の中で、丸くなって寝ていました。起きて、あくびをして、"
        "わたしの顔を見て、「遅い」という顔をしました。",
    ),
    TownPost(
        "captain_marta",
        "Eleven days. Eleven crossings a day. She has done more nautical miles this month than "
        "the harbour master.",
    ),
    TownPost("dalbit", "🐈⛴️😭🎉", answers="haruka_clay"),
    TownPost("kenji_noodles", "🐟🐟🐟", answers="haruka_clay"),
    TownPost(
        "anita_vet",
        "मीसो की जाँच हो गई: पूरी तरह स्वस्थ, तीन सौ ग्राम भारी, और हर तरह की सार्डीन की विशेषज्ञ। कोई "
        "दवा नहीं, बस थोड़ी डाँट।",
    ),
    TownPost(
        "harbour_gus",
        'I have located a form. "Addition to ship\'s company, non-human." Last used 1931, for '
        "a parrot. Filled in, stamped, filed. She is Able Seacat Miso.",
    ),
    TownPost(
        "paloma_luz",
        "La foto que todos me pedís: Haruka, Miso y ciento doce personas fingiendo que les "
        "había entrado sal en los ojos.",
    ),
    TownPost(
        "suji_cafe",
        "부두에서 다 같이 울고 웃었습니다. 오늘 커피는 전부 공짜예요. 두 번째 잔도요.",
    ),
    TownPost(
        "zola_radio",
        "All ships, all ships. The cat is found. I say again, the cat is found. Here is the "
        "slow song, and tonight it's a happy one.",
    ),
    TownPost("lin_chaoxi", "记录：今日高潮 11:02，猫找到了。"),
    TownPost("pip_the_post", "Took down 46 posters. Kept one. Everyone else kept the rest."),
    TownPost(
        "kenji_noodles",
        "みそちゃんの帰宅を祝って、今夜は全品半額。猫の席も一つ用意しました。店のきまりは、きょ"
        "うだけお休みです。",
    ),
    TownPost(
        "old_barnaby",
        "We had a cat at the light once. Named her Fog, because she came in without knocking "
        "and stayed till she was done.\n\n"
        "She used to sit on the gallery rail in a full gale with her eyes shut, as if it were "
        "a warm stove. One night the lamp failed and I'd have slept straight through it, only "
        "she walked up the bed and put one cold foot on my face. Forty boats came home that "
        "night, and not one of them knew to thank her.\n\n"
        "Good to have one back on the water.",
    ),
    TownPost(
        "imogen_archive",
        '@harbour_gus The parrot\'s name was Admiral. It was discharged in 1933 for "language".',
    ),
    TownPost(
        "eleni_psari",
        "Απόψε φασολάδα και σαρδέλες στη σχάρα για όλο το καράβι. Έξι τραπέζια, ογδόντα "
        "άνθρωποι. Χωρέσαμε.",
    ),
    TownPost(
        "haruka_clay",
        "She slept at home last night. This morning at 06:25 she asked to go out, and walked "
        "down the hill, and got on the boat. I followed her. She sat by the wheel. Captain "
        "Marta gave her a nod.\n\n"
        "I think my cat has a job.",
    ),
    TownPost(
        "captain_marta",
        "@haruka_clay She's home by the 17:20, I'll see to that. On the real clock.",
    ),
    TownPost(
        "shira_alto",
        "תפרתי למיסו ערסל קטן משאריות רשת. הקברניטה תלתה אותו ליד ההגה. יש לה עכשיו תא פרטי עם "
        "נוף.",
    ),
    TownPost(
        "svetlana_keys",
        "Heard from my window this morning: the ferry's horn, and after it, very small, a bell "
        "on a collar. A minor third. I wrote it down.",
    ),
    TownPost(
        "joern_uhr",
        "Die Federscheibe für das Getriebe ist fertig. Drei Versuche, einmal geflucht. Heute "
        "Abend baue ich sie mit @captain_marta ein, unter strenger Aufsicht einer Katze.",
    ),
    TownPost(
        "marigold_ferry",
        "Gearbox repaired by a watchmaker. Crossing time back to 22 minutes. If you listen "
        "closely, she ticks.",
    ),
    TownPost(
        "captain_marta",
        "@joern_uhr As promised: one year of crossings, and a seat by the window. You'll be on "
        "time for all of it.",
    ),
    # Towards the concert
    TownPost(
        "dewi_reads",
        '#RoofFund: 1,906 crowns. That includes 112 from "the passengers of the 09:15", in an '
        "envelope that smells strongly of fish.",
    ),
    TownPost(
        "noa_waves",
        "Simultaneous exhibition tonight. Twelve boards, one me, one pepper pot. Doors at "
        "seven, real time.",
    ),
    TownPost(
        "bea_gazette",
        "Chess, live: @noa_waves has been round the tables nine times. @hanno_beet has "
        "resigned to his own queen. @lin_chaoxi left on move 14 to look at the sea and came "
        "back with a better plan.",
    ),
    TownPost(
        "yusuf_forge",
        "النقلة الحادية والثلاثون وما زلتُ حيًّا. لا أحد يتنفّس في القاعة. حتّى الدلو رقم ثلاثة سكت.",
    ),
    TownPost(
        "noa_waves",
        "יוסוף הציע תיקו במהלך ה-44. הסתכלתי על הלוח, על הפלפלייה, ועליו. לחצנו ידיים. זה היה "
        "המשחק הכי טוב שלי השנה.",
    ),
    TownPost("yusuf_forge", "تعادلتُ مع نوعا. اكتبوها على الساعة، بالعقرب الأحمر."),
    TownPost(
        "noa_waves",
        "Final: ten wins, one draw (@yusuf_forge, deservedly), one abandoned because "
        "@old_barnaby gave both sides a hint at once. 186 crowns for the roof. #chess #RoofFund",
    ),
    TownPost("old_barnaby", "I stand by both hints.", answers="noa_waves"),
    TownPost(
        "oleksa_boats",
        "Програв на сімнадцятому ході, зате полагодив дві шахові дошки й один хиткий стіл. "
        "Кожен грає в те, що вміє.",
    ),
    TownPost(
        "lucia_caracola",
        "El club de ajedrez ha prestado seis tableros a la escuela. Hoy hemos aprendido que el "
        "caballo salta y que la torre no pide perdón.",
    ),
    TownPost(
        "tomas_mister",
        "Esta semana, derbi contra el Ossel Athletic. Son nuestros vecinos, nuestros primos y, "
        "durante noventa minutos, unos completos desconocidos.",
    ),
    TownPost(
        "pip_the_post",
        'My aunt plays left wing for Ossel. She has sent me a card. It says "Good luck, '
        "you'll need it, soup on Sunday.\"",
    ),
    TownPost(
        "petros_nets",
        "Ossel has won the derby eleven years running. I say this only as a resident, and as "
        "the linesman.",
    ),
    TownPost(
        "ines_panadera",
        "Para el derbi: panecillos con forma de portería. El que meta el chorizo de una vez, "
        "gana otro. La mitad, para el tejado.",
    ),
    TownPost(
        "odile_fromages",
        "Le grand fromage sera mis aux enchères après le match. Mise de départ : dix "
        "couronnes. Il s'appelle Anatole et il est prêt.",
    ),
    TownPost("imogen_archive", "@odile_fromages Remember the pig."),
    TownPost(
        "wren_plot7",
        "The choir will sing at half-time, weather and knees permitting. Sopranos on the "
        "touchline, basses behind the goal, tenors wherever they end up.",
    ),
    TownPost(
        "svetlana_keys",
        "Играть на пианино на футбольном поле мне ещё не приходилось. @moss_on_wheels уверяет, "
        "что довезёт инструмент на велосипеде. Я сделала вид, что не расслышала.",
    ),
    TownPost(
        "moss_on_wheels",
        "It was a small piano. It was a large hill. We are both fine and one of us is slightly "
        "out of tune.",
        answers="svetlana_keys",
    ),
    TownPost(
        "mayor_bell",
        "I have been asked to be neutral about the derby. I will therefore wear both scarves "
        "and speak to no one.",
    ),
    TownPost(
        "bea_gazette",
        "Team news: Rovers unchanged, because there are only eleven of them.",
    ),
    TownPost("dalbit", "경기장에 스케치북을 가져왔어요. 공보다 관중이 훨씬 재미있습니다."),
    TownPost(
        "fergus_tuba",
        "The tuba has been asked not to play during corners. The tuba makes no promises.",
    ),
    TownPost(
        "tomas_mister",
        "Descanso: Rovers 0, Ossel 1. He dicho a los chicos que respiren. He dicho a las "
        "chicas que respiren. Yo no respiro.",
    ),
    TownPost(
        "paloma_luz",
        "Half-time. The choir is singing in the centre circle, the sun has come out, and a "
        "gull is standing on the penalty spot like it has paid for it.",
    ),
    TownPost(
        "bea_gazette",
        "GOAL. Sixty-third minute, header, off a corner, during which a tuba was distinctly "
        "audible. 1-1.",
    ),
    TownPost("gerald_gull", "Ball."),
    TownPost(
        "bea_gazette",
        "Play stopped. @gerald_gull is sitting on the ball. The referee has consulted the "
        "rules, then the vet.",
    ),
    TownPost(
        "anita_vet",
        "I walked on with half a sandwich and walked off with a gull. Eight years of training. "
        "Play on.",
    ),
    TownPost("bea_gazette", "2-1 ROVERS, eighty-eighth minute. I have bitten through my pencil."),
    TownPost("bea_gazette", "Penalty to Ossel. Ninety-third minute. It's his AUNT."),
    TownPost(
        "kenji_noodles",
        "見ていられない。店の鍋をかき混ぜながら、となりのラジオを聞いています。スープが濃くなっ"
        "てしまう。",
    ),
    TownPost(
        "pip_the_post",
        "She looked left. She always looks left when she's going to go right; she's done it at "
        "cards since I was six.\n\n"
        "I went right.\n\n"
        "I'm still lying here holding it. Somebody has put a scarf on me. I don't intend to "
        "get up.",
    ),
    TownPost(
        "tomas_mister",
        "GANAMOS. Once años. Once. He llamado a mi madre y no he podido decirle nada, solo le "
        "he puesto el ruido.",
    ),
    TownPost("tomas_mister", "⚽💙😭💙⚽"),
    TownPost(
        "yusuf_forge",
        "صرختُ حتّى سُمع صوتي في الجزيرة. الكلب الذي غادر المباراة الماضية كان حاضرًا، وبقي حتّى "
        "النهاية.",
    ),
    TownPost(
        "petros_nets",
        "Χάσαμε. Σήκωσα τη σημαία για οφσάιντ μόνο μία φορά, και αυτή για έναν γλάρο. "
        "Συγχαρητήρια, γείτονες.",
    ),
    TownPost(
        "kenji_noodles",
        "Two eggs for everyone. I am a man of my word and I am nearly out of eggs.",
    ),
    TownPost(
        "odile_fromages",
        "Anatole a été vendu vingt-trois fois. Chaque acheteur l'a rendu pour qu'on "
        "recommence. Total : 574 couronnes. Je pleure dans mon tablier.",
    ),
    TownPost(
        "imogen_archive",
        "Twenty-three. We have beaten the pig. I have entered it in the ledger.",
    ),
    TownPost(
        "dewi_reads",
        "#RoofFund after the derby: 2,840 crowns. And the cheese, which the last buyer has "
        "given to the reading group. We shall do right by Anatole.",
    ),
    TownPost(
        "pip_the_post",
        "Sunday soup at my aunt's. She didn't mention it. She served the soup from the right.",
    ),
    # The dark hour
    TownPost(
        "ravi_tara",
        "A modest proposal for the night of the concert: when the last song ends, the whole "
        "town switches off its lights for one hour. No harbour lamps, no shop signs, no porch "
        "lights. Just us and whatever is up there.\n\n"
        "I have asked the forecast nicely. #DarkHour",
    ),
    TownPost(
        "mayor_bell",
        "@ravi_tara The council has voted. 8 in favour, one still asleep, which we are "
        "counting as support. #DarkHour",
    ),
    TownPost(
        "harbour_gus",
        "Navigation lights stay on, before anybody asks. There is a form for turning those "
        "off, and I've hidden it.",
    ),
    TownPost(
        "nadia_sea",
        "ساعة كاملة بلا أضواء.\n\n"
        "أعددتُ مع التلاميذ خريطة صغيرة للسماء، ورقة لكلّ بيت. من لا يجد كوكبة يخترع واحدة. "
        "#DarkHour",
    ),
    TownPost(
        "lucia_caracola",
        "@nadia_sea Los míos ya han inventado tres: la Gaviota, la Cuchara y el Ferry Puntual.",
    ),
    TownPost(
        "ostap_zirka",
        "На темну годину принесу чотири телескопи, драбину для малих і каструлю вареників для "
        "всіх. Прошу тільки одного: не світіть телефонами.",
    ),
    TownPost(
        "ravi_tara",
        'मौसम विभाग कहता है "संभवतः साफ़"। मैं इस "संभवतः" को फ़्रेम करवाकर दीवार पर लगा दूँगा।',
    ),
    TownPost(
        "joern_uhr",
        "With no key, the Town Hall clock stopped today at ten to four. It is right twice a "
        "day now, which is twice more than the harbour one.",
    ),
    TownPost(
        "colette_chante",
        "Toujours pas de diapason. Nous prendrons le la sur la corne du Marigold. "
        "@captain_marta, êtes-vous juste ?",
    ),
    TownPost(
        "captain_marta",
        "@colette_chante A touch flat in cold weather. Like the rest of us.",
    ),
    TownPost(
        "xiaohe_sews",
        "三十二件合唱礼服全部熨好了。有一件口袋里藏着半块饼干，我没有问是谁的。",
    ),
    TownPost("fergus_tuba", "@xiaohe_sews It was an emergency biscuit."),
    TownPost(
        "shira_alto",
        "חזרה אחרונה לפני הקונצרט. קולט לא אמרה מילה, רק חייכה. אנחנו מבוהלים.",
    ),
    TownPost(
        "ines_panadera",
        "Ciento veinte hogazas para el concierto, que ya es mañana. Dolores trabaja a doble "
        "turno. Yo también, pero a ella la aplauden.",
    ),
    TownPost(
        "wren_plot7",
        "The allotments are supplying: rhubarb crumble (a lot), soup (leek), soup (other "
        "leek). @somchai_garden is allowed one sauce, clearly labelled, on a separate table.",
    ),
    TownPost("somchai_garden", "ทำป้ายน้ำพริกแล้ว มีรูปไฟสามดวง และรูปลุงเฟอร์กัสหนึ่งรูป"),
    TownPost(
        "hanno_beet",
        "Meine Schubkarre ist wieder da! Sie stand am Hafen, voll mit Rettungswesten, und "
        "darin lag eine Katze. Ich habe nichts gesagt. Man weckt keine Kollegin.",
    ),
    TownPost(
        "hanno_beet",
        "@captain_marta Keep it until she's finished her nap. I only need it on weekdays.",
    ),
    TownPost(
        "captain_marta",
        "@hanno_beet So THAT'S whose it is. It was sitting on the quay ahead of the bad "
        "weather and I took it in before the sea could. I've been meaning to put up a note for "
        "a month.",
    ),
    TownPost(
        "oleksa_boats",
        "Built a stage on the Old Quay out of four pallets, two doors and a mast. It will hold "
        "a choir. It will probably hold a tuba.",
    ),
    TownPost(
        "lin_chaoxi",
        "音乐会那晚：高潮 21:47，风力二级，海面平静。我查了三遍，又去码头闻了闻。可以唱。",
    ),
    TownPost(
        "tilda_tidepool",
        "If it stays this calm there's a decent chance of bioluminescence along the pebble "
        "beach during the dark hour. Throw a small stone in and see. I'm not promising. I'm "
        "just standing here vibrating.",
    ),
    TownPost(
        "paloma_luz",
        "He limpiado tres objetivos y he cargado seis baterías. Y luego pienso: para una hora "
        "a oscuras, qué tonta.",
    ),
    TownPost(
        "bucket_no_3",
        "Clear skies forecast. Level: 0. I've asked if I might attend the concert. Dewi says I "
        "can hold the programmes.",
    ),
    TownPost(
        "suji_cafe",
        "Where we stand, the night before: 3,310 crowns. 690 to go. I've put every second cup "
        "since the leak into one jar and I can't lift it. #RoofFund",
    ),
    TownPost(
        "zola_radio",
        "No late show tomorrow. I'll be on the quay with the rest of you.\n\n"
        "Eleven years I've talked to this town in the dark without knowing who was there. A "
        "baker, I suppose. A nurse on nights. Somebody with a baby, somebody with a boat, "
        "somebody who couldn't say why they were awake and didn't have to. Tomorrow the lights "
        "go out and for once I shall be able to hear you breathing back.\n\n"
        "If you are out at sea, open a window. We will try to sing loudly enough.",
    ),
    TownPost("dalbit", "내일 밤을 위해 검은 종이를 샀어요. 하얀 연필 하나면 충분할 것 같습니다."),
    TownPost(
        "haruka_clay",
        "コンサートのために、小さな灯り用の器を百個焼きました。最後の歌が終わったら、みんなで一"
        "緒に吹き消します。",
    ),
    TownPost(
        "haruka_clay",
        "A hundred little lamps are out of the kiln. Each has a paw mark somewhere. I didn't "
        "plan it; she walked across the shelf.",
    ),
    TownPost(
        "moss_on_wheels",
        "Delivered: 100 lamps, 0 broken. I walked the bike the whole way and talked to it.",
    ),
    TownPost(
        "marigold_ferry",
        "Extra sailings from Ossel for the concert: 18:00, 18:40, 19:20. Last boat home an "
        "hour after the stars. The ship's cat will be checking tickets.",
    ),
    TownPost(
        "old_barnaby",
        "They've asked me to put out the lamp on the quay at the end. First time in thirty-one "
        "years anyone's asked me to turn a light off. I have practised.",
    ),
    TownPost(
        "bea_gazette",
        "Quay at seven. I can count about nine hundred people, forty dogs, one cat in a "
        "wheelbarrow. Every window on Lantern Street has someone in it.",
    ),
    TownPost(
        "colette_chante",
        "Le la du Marigold, grave et un peu rouillé. Trente-deux voix qui respirent ensemble. "
        "Voilà. On commence.",
    ),
    TownPost(
        "svetlana_keys",
        "The tenors came in at bar 42. All of them. Together. I nearly stopped playing from shock.",
    ),
    TownPost("eleni_psari", "Τραγουδάω και κλαίω και ανακατεύω τη σούπα, όλα με το ίδιο χέρι."),
    TownPost(
        "fergus_tuba",
        'I have played my solo. Someone in the dark said "oh, that\'s lovely" in a surprised '
        "voice. I'll be keeping that.",
    ),
    TownPost(
        "tomas_mister",
        "El equipo entero ha pasado la gorra. Pip la llevaba con las dos manos, como un balón. "
        "No se le ha caído ni una moneda.",
    ),
    TownPost(
        "dewi_reads",
        "I'm standing on a pallet with a piece of paper, and my hands are shaking, so I'll "
        "write it here first.\n\n"
        "4,017 crowns. And a button.\n\n"
        "You've done it. The sky will not come in. #RoofFund",
    ),
    TownPost(
        "xiaohe_sews", "最后一片瓦，我请那位六岁的先生来缝。他缝歪了。正好。", answers="dewi_reads"
    ),
    TownPost(
        "mayor_bell",
        "For the minutes: I cried. Seconded by the deputy mayor.",
        answers="dewi_reads",
    ),
    TownPost("old_barnaby", "Lamp's out."),
    TownPost("nadia_sea", "🌑✨✨✨"),
    TownPost("ravi_tara", "बादल नहीं हैं। एक भी नहीं। आकाशगंगा घाट के ठीक ऊपर है और नौ सौ लोग चुप हैं।"),
    TownPost(
        "ostap_zirka",
        "Дівчинка п'яти років подивилася в телескоп, потім на мене, потім знову в телескоп. "
        "Сказала: «А вони знають, що ми тут?» Я не знав, що відповісти. Дав їй вареник.",
    ),
    TownPost(
        "noa_waves",
        "נכנסתי למים בחושך. כל תנועה של היד הדליקה כוכבים. לא ידעתי איפה נגמר הים.",
    ),
    TownPost(
        "tilda_tidepool",
        "IT'S GLOWING. The whole edge of the beach. Every pebble the children throw is a small "
        "blue firework. I have no scientific remarks at this time.",
    ),
    TownPost("dalbit", "하얀 연필이 다 닳았어요."),
    TownPost(
        "nadia_sea",
        "بعد خمس وعشرين سنة من تدريس النجوم، رأيتُ البلدة كلّها ترفع رأسها في اللحظة نفسها. لن "
        "أنسى هذا الصمت.",
    ),
    TownPost("somchai_garden", "มืดทั้งเมือง เห็นดาวเต็มฟ้า ได้ยินแต่เสียงคลื่น กับเสียงคนกินน้ำพริกแล้วร้องเบา ๆ"),
    TownPost("kenji_noodles", "八席の店を三十年。今夜はじめて、のれんを出さずに空を見ました。"),
    TownPost("paloma_luz", "No he hecho ni una foto. Es la mejor que tengo."),
    TownPost(
        "svetlana_keys",
        "Целый час темноты. Где-то тихо звенел кошачий колокольчик, малая терция. Я нашла в "
        "темноте чью-то руку, и мы так и простояли. Кажется, это был тенор.",
    ),
    TownPost(
        "captain_marta",
        "Brought the Ossel lot home with the deck lights off and the whole Milky Way for a "
        "ceiling. Nobody got off when we docked. I didn't hurry them.",
    ),
    TownPost(
        "marigold_ferry",
        "Last sailing: arrived 00:40. Or thereabouts. It did not seem to matter.",
    ),
    # What the roof was hiding
    TownPost(
        "oleksa_boats",
        "Roof work begins. Ladder up, slates ordered, hat optional. First job: the north "
        "gutter, and its resident.",
    ),
    TownPost(
        "anita_vet",
        "Supervising the gutter. We wait for the bird to go and eat something before we touch "
        "anything. It should take about four minutes.",
        answers="oleksa_boats",
    ),
    TownPost(
        "oleksa_boats",
        "Gentlemen, ladies, gulls. I have looked into the nest.\n\n"
        "Eleven teaspoons. One tuning fork. One brass clock key. The library date stamp. A "
        "harmonica. One white bishop. My hat, as the lining.\n\n"
        "And an egg.",
    ),
    TownPost(
        "anita_vet", "Correction to the town records: Gerald is a mother.", answers="oleksa_boats"
    ),
    TownPost("gerald_gull", "🥚", answers="anita_vet"),
    TownPost(
        "bea_gazette",
        "GULL HELD OVER SPOONS. Suspect confirmed to have caused the leak by blocking the "
        "north gutter with cutlery. Suspect unrepentant. Suspect is expecting.",
    ),
    TownPost(
        "dewi_reads",
        "So the roof leaked because the gutter was full, and the gutter was full because "
        "Gerald was furnishing. I can't even be cross. She has very good taste in spoons.",
    ),
    TownPost(
        "anita_vet",
        "जब तक अंडे से बच्चा नहीं निकलता, घोंसला नहीं हटेगा। तब तक उत्तरी कोने को तिरपाल से ढक देंगे। ओलेक्सा "
        "की टोपी दान में गई।",
    ),
    TownPost(
        "oleksa_boats",
        "Капелюх віддаю малечі. Решту даху почнемо з півдня, там ніхто не живе, крім моху. Не "
        "ображайся, @moss_on_wheels.",
    ),
    TownPost("moss_on_wheels", "@oleksa_boats None taken. I've been called worse by a hill."),
    TownPost(
        "colette_chante",
        "Mon diapason est revenu ! Il donne encore un la parfait, avec un léger parfum de sardine.",
    ),
    TownPost(
        "joern_uhr",
        "Der Schlüssel passt, die Rathausuhr läuft. Und weil Yusuf mir den roten Zeiger "
        "gebracht hat, zeigt die Hafenuhr ab heute zwei Zeiten: die richtige und unsere.",
    ),
    TownPost(
        "yusuf_forge",
        "Red hand fitted. Forged, filed, and polished, but not too shiny. We have learned "
        "something.",
        answers="joern_uhr",
    ),
    TownPost(
        "noa_waves",
        "הרץ הלבן חזר. יש לו סימן קטן של מקור בראש. הצבענו: הפלפלייה נשארת בקופסה כשחקנית מחליפה.",
    ),
    TownPost(
        "eleni_psari",
        "Τέσσερα κουταλάκια πίσω στη θέση τους. Το πέμπτο το άφησα στη φωλιά. Δώρο για τη λεχώνα.",
    ),
    TownPost(
        "harbour_gus",
        "The bench is back from Ossel. They'd varnished it. I'm told this is gratitude. There "
        'is no form for gratitude, so I have written "received with thanks" on a blank sheet '
        "and filed that.",
    ),
    TownPost(
        "petros_nets",
        "We kept the bench for one month and it was the best month on Ossel pier. If another "
        "one should happen to float our way, we would not object.",
        answers="harbour_gus",
    ),
    TownPost(
        "imogen_archive",
        "Filed today in the Town Hall cellar, for whoever reads it in a hundred years:\n\n"
        "- one programme, with soup on it\n"
        "- one clay lamp with a paw mark\n"
        "- one photograph of a bench, facing the wrong way\n"
        "- one teaspoon (dented)\n"
        '- the ferry timetable, with a note in red: "The clock was wrong."\n\n'
        "We were here, we were a little late or a little early depending on where you stood, "
        "and one spring we mended a roof together.",
    ),
    TownPost(
        "wren_plot7",
        "Allotment minutes, item 4: the tap by plot 9 now works. Item 5: the tap by plot 3 "
        "doesn't. Item 6: the committee asks the heron to be seated.",
    ),
    TownPost("somchai_garden", "เก็บพริกรุ่นแรกแล้ว แบ่งให้ทุกแปลง ทุกแปลงขอบคุณ และทุกแปลงเก็บไว้บนชั้นสูงสุด"),
    TownPost("hanno_beet", "Erste Radieschen! Klein, rund, etwas beleidigt. Ich bin sehr stolz."),
    TownPost(
        "ines_panadera",
        'Pan nuevo en el mostrador: la "Hogaza Miso", con corteza de tres colores y una punta '
        "blanca. Dolores lo aprueba.",
    ),
    TownPost(
        "haruka_clay",
        "みそは今日も六時四十分の船に乗りました。\n"
        "背中が少し誇らしげでした。\n\n"
        "わたしは窯に火を入れます。",
    ),
    TownPost(
        "lucia_caracola",
        "La gotera ha contestado a las cartas de los niños. Letra sospechosamente parecida a "
        'la de @dewi_reads: "Queridos todos: gracias, me voy a descansar."',
    ),
    TownPost(
        "suji_cafe",
        "Only two people missed the ferry this morning. I gave them both the second cup at "
        "full price and they said it was worth it. What is happening to this town?",
    ),
    TownPost(
        "suji_cafe",
        "시계가 두 개의 시간을 가리키니, 다들 빠른 쪽을 보고 오시네요. 괜찮아요. 커피는 배를 "
        "안 놓쳐도 맛있답니다.",
    ),
    TownPost(
        "odile_fromages",
        "Les chèvres ont mangé le programme du concert. Page par page, dans l'ordre. Enfin un "
        "public attentif.",
    ),
    TownPost(
        "shira_alto",
        "היום אין חזרה. שרתי בכל זאת, מהחלון, וטובה אחת ענתה לי מהרחוב שמעבר.",
    ),
    TownPost("fergus_tuba", "That was me.", answers="shira_alto"),
    TownPost(
        "xiaohe_sews",
        "The cloth roof now hangs over the children's corner, all 4,017 tiles and a button. If "
        "you gave a crown, yours is up there. I can't tell you which. That's rather the point.",
    ),
    TownPost(
        "yusuf_forge",
        "جلستُ اليوم تحت السقف الجديد ألعب الشطرنج، ونزل المطر في الخارج، ولم تنزل قطرة واحدة "
        "في الداخل. خسرتُ بسعادة.",
    ),
    TownPost(
        "bucket_no_3",
        "It is raining. I'm on my hook by the door, quite dry, listening.\n\n"
        "They've put geraniums in me. I hold about nine litres of geranium. It turns out that "
        "I am still useful.",
    ),
    TownPost(
        "tomas_mister",
        "Pretemporada en tres semanas. Objetivo: ganar dos veces. No nos volvamos locos.",
    ),
    TownPost(
        "captain_marta",
        "For the record, the 17:20 left today at 17:20. Both clocks have been informed. The "
        "ship's cat was at her post.",
    ),
    TownPost(
        "marigold_ferry",
        "Good evening Kittiwick. Last sailing 21:30, sea smooth, kettle on. Mind the step.",
    ),
    TownPost(
        "zola_radio",
        "Late show from ten. The egg hatched at teatime, if you hadn't heard. Small, grey, "
        "furious, already looking at a spoon. Here is the slow song.",
    ),
    TownPost(
        "ravi_tara",
        "Clear tonight. Heron Point, nine o'clock. I've nothing to add. I just wanted to write "
        'the words "clear tonight". #nightsky',
    ),
    TownPost("gerald_gull", "Chips. Two.", answers="marigold_ferry"),
)

# What the first of them, as whom a newcomer signs in, finds in private.
MESSAGES: tuple[TownMessage, ...] = (
    TownMessage(
        "joern_uhr",
        "captain_marta",
        "Haben Sie gerade eine richtige Uhr in der Nähe? Ich frage ungern.",
    ),
    TownMessage(
        "captain_marta", "joern_uhr", "I have a gull, a tide table and a clear conscience. Why?"
    ),
    TownMessage("joern_uhr", "captain_marta", "Elf Minuten. Sagen Sie es noch niemandem."),
    TownMessage(
        "suji_cafe",
        "captain_marta",
        "If the Marigold starts leaving when people think it leaves, who buys my second cups?",
    ),
    TownMessage("captain_marta", "suji_cafe", "Sell first cups. I hear they are very similar."),
    TownMessage(
        "haruka_clay",
        "captain_marta",
        "Could you look under the benches once more tonight? I know you already did.",
    ),
    TownMessage(
        "captain_marta",
        "haruka_clay",
        "Looking. I'll ring the bell twice if I find anything with ears.",
    ),
    TownMessage("haruka_clay", "captain_marta", "二回鳴りましたね。"),
    TownMessage(
        "haruka_clay",
        "captain_marta",
        "I made her a bowl for the cabin. It says CREW on the bottom, where only she will see it.",
    ),
    TownMessage(
        "harbour_gus",
        "captain_marta",
        "Form 12b, ship's cat, wants a signature. A paw print will do; I checked.",
    ),
)
