"""What a person decided about the Factbook's entries: names, fame, spelling, and which values make a good question.

Keys are the Factbook's two-letter entry codes. A value written "shown|found" is shown as its first half, and its second
half must occur in the entry's field
a plain value must occur itself. Case, accents and punctuation are not compared.
`extract_facts` refuses a value that it does not find, so nothing here is a fact of its own.
"""

# The 193 members of the United Nations and Vatican City: code, fame (1 known to nearly everybody, 3 to few), name.
COUNTRIES = """
us 1 the United States; uk 1 the United Kingdom; fr 1 France; gm 1 Germany; it 1 Italy; sp 1 Spain; po 1 Portugal
nl 1 the Netherlands; be 1 Belgium; sz 1 Switzerland; au 1 Austria; gr 1 Greece; ei 1 Ireland; no 1 Norway
sw 1 Sweden
da 1 Denmark; fi 1 Finland; ic 1 Iceland; pl 1 Poland; ez 2 Czechia; hu 1 Hungary; ro 2 Romania; bu 2 Bulgaria
rs 1 Russia; up 1 Ukraine; tu 1 Turkey; hr 2 Croatia; ri 2 Serbia; si 2 Slovenia; lo 2 Slovakia; en 2 Estonia
lg 2 Latvia; lh 2 Lithuania; al 2 Albania; bk 2 Bosnia and Herzegovina; mj 2 Montenegro; mk 2 North Macedonia
md 3 Moldova; bo 2 Belarus; lu 2 Luxembourg; ls 3 Liechtenstein; mn 2 Monaco; sm 3 San Marino; an 3 Andorra
mt 2 Malta
cy 2 Cyprus; vt 2 Vatican City; ca 1 Canada; mx 1 Mexico; br 1 Brazil; ar 1 Argentina; ci 1 Chile; pe 1 Peru
co 1 Colombia; ve 2 Venezuela; ec 2 Ecuador; bl 2 Bolivia; pa 2 Paraguay; uy 2 Uruguay; gy 3 Guyana; ns 3 Suriname
cu 1 Cuba; jm 1 Jamaica; ha 2 Haiti; dr 2 the Dominican Republic; bf 2 the Bahamas; bb 2 Barbados
td 2 Trinidad and Tobago; gt 2 Guatemala; ho 2 Honduras; nu 2 Nicaragua; cs 2 Costa Rica; pm 2 Panama
es 2 El Salvador
bh 3 Belize; ac 3 Antigua and Barbuda; do 3 Dominica; gj 3 Grenada; sc 3 Saint Kitts and Nevis; st 3 Saint Lucia
vc 3 Saint Vincent and the Grenadines; eg 1 Egypt; mo 1 Morocco; ag 2 Algeria; ts 2 Tunisia; ly 2 Libya; su 2 Sudan
od 3 South Sudan; et 2 Ethiopia; er 3 Eritrea; dj 3 Djibouti; so 2 Somalia; ke 1 Kenya; ug 2 Uganda; tz 2 Tanzania
rw 2 Rwanda; by 3 Burundi; cg 2 the Democratic Republic of the Congo; cf 3 the Republic of the Congo; gb 3 Gabon
ek 3 Equatorial Guinea; cm 2 Cameroon; ct 3 the Central African Republic; cd 3 Chad; ni 1 Nigeria; ng 3 Niger
ml 2 Mali
uv 3 Burkina Faso; bn 3 Benin; to 3 Togo; gh 2 Ghana; iv 2 Ivory Coast; li 3 Liberia; sl 3 Sierra Leone; gv 3 Guinea
pu 3 Guinea-Bissau; sg 2 Senegal; ga 3 the Gambia; mr 3 Mauritania; cv 3 Cape Verde; tp 3 São Tomé and Príncipe
ao 2 Angola; za 2 Zambia; zi 2 Zimbabwe; mi 3 Malawi; mz 2 Mozambique; bc 2 Botswana; wa 2 Namibia
sf 1 South Africa
lt 3 Lesotho; wz 3 Eswatini; ma 2 Madagascar; mp 3 Mauritius; se 3 the Seychelles; cn 3 the Comoros
sa 1 Saudi Arabia
ym 2 Yemen; mu 2 Oman; ae 1 the United Arab Emirates; qa 2 Qatar; ba 2 Bahrain; ku 2 Kuwait; iz 1 Iraq; ir 1 Iran
sy 2 Syria; le 2 Lebanon; jo 2 Jordan; is 1 Israel; gg 2 Georgia; am 2 Armenia; aj 2 Azerbaijan; kz 2 Kazakhstan
uz 2 Uzbekistan; tx 3 Turkmenistan; kg 3 Kyrgyzstan; ti 3 Tajikistan; af 2 Afghanistan; pk 1 Pakistan; in 1 India
np 2 Nepal; bt 3 Bhutan; bg 2 Bangladesh; ce 2 Sri Lanka; mv 2 the Maldives; ch 1 China; ja 1 Japan
ks 1 South Korea
kn 1 North Korea; mg 2 Mongolia; vm 1 Vietnam; la 2 Laos; cb 2 Cambodia; th 1 Thailand; bm 2 Myanmar; my 2 Malaysia
sn 1 Singapore; id 1 Indonesia; bx 3 Brunei; tt 3 Timor-Leste; rp 1 the Philippines; as 1 Australia
nz 1 New Zealand
pp 2 Papua New Guinea; fj 2 Fiji; bp 3 the Solomon Islands; nh 3 Vanuatu; ws 3 Samoa; tn 3 Tonga; kr 3 Kiribati
tv 3 Tuvalu; nr 3 Nauru; ps 3 Palau; fm 3 Micronesia; rm 3 the Marshall Islands
"""

# Left out: more than one capital (Benin, Bolivia, Eswatini, Ivory Coast, South Africa, Sri Lanka), a disputed one
# (Israel), one being moved (Burundi, Equatorial Guinea, Indonesia, Myanmar, which the entry still gives as Rangoon),
# none (Nauru), and cities that are the country (Monaco, Singapore, Vatican City).
NO_CAPITAL = "bn bl wz iv sf ce is by ek id bm nr mn sn vt"
CAPITALS = {
    "cm": "Yaoundé", "to": "Lomé", "mv": "Malé", "md": "Chișinău", "kr": "South Tarawa|Tarawa",
    "ac": "St. John's|Saint John's",
    "gj": "St. George's|Saint George's", "us": "Washington, D.C.", "tn": "Nukuʻalofa|Nuku'alofa", "tp": "São Tomé",
    "nh": "Port Vila",
    "sm": "San Marino", "vc": "Kingstown", "td": "Port of Spain", "tx": "Ashgabat", "vm": "Hanoi", "up": "Kyiv",
}  # fmt: skip

CITIES = {
    "ag": "Oran", "eg": "Alexandria", "gh": "Kumasi", "ke": "Mombasa|Mombassa", "ly": "Benghazi; Misrata",
    "mo": "Casablanca; Marrakesh|Marrakech; Tangier; Fez|Fes; Agadir", "ni": "Lagos; Kano; Ibadan; Port Harcourt",
    "sf": "Johannesburg; Durban", "tz": "Dar es Salaam; Mwanza; Zanzibar", "za": "Kitwe", "cm": "Douala",
    "cg": "Lubumbashi; Kisangani; Kananga", "cf": "Pointe-Noire", "ao": "Lubango; Benguela", "mz": "Nampula; Matola",
    "so": "Hargeisa|Hargeysa", "su": "Nyala", "uv": "Bobo-Dioulasso", "mi": "Blantyre",
    "as": "Melbourne; Sydney; Brisbane; Perth; Adelaide", "nz": "Auckland",
    "ho": "San Pedro Sula", "kz": "Almaty; Shymkent|Shimkent",
    "rs": "Saint Petersburg; Novosibirsk; Yekaterinburg; Kazan", "bm": "Mandalay",
    "ch": "Shanghai; Guangzhou; Chongqing; Tianjin", "id": "Surabaya; Bandung",
    "ja": "Osaka; Nagoya; Kitakyushu; Shizuoka",
    "ks": "Busan; Incheon; Daegu", "my": "Johor Bahru; Ipoh", "rp": "Davao; Cebu|Cebu City; Zamboanga",
    "th": "Chiang Mai; Nonthaburi|Nothaburi", "vm": "Ho Chi Minh City; Da Nang; Hai Phong; Can Tho", "be": "Antwerp",
    "fr": "Lyon; Lille; Toulouse; Bordeaux", "gm": "Hamburg; Munich; Cologne; Frankfurt", "gr": "Thessaloniki",
    "it": "Milan; Naples; Turin; Palermo; Bergamo", "nl": "Rotterdam", "pl": "Kraków", "po": "Porto",
    "sp": "Barcelona", "sz": "Zürich|Zurich", "uk": "Manchester; Birmingham; Glasgow", "up": "Kharkiv; Odesa",
    "ae": "Dubai; Sharjah", "ir": "Mashhad; Isfahan|Esfahan; Shiraz; Tabriz", "is": "Tel Aviv; Haifa",
    "iz": "Mosul; Basra; Kirkuk; Najaf; Erbil", "sa": "Jeddah; Mecca; Medina", "sy": "Aleppo; Homs",
    "tu": "Istanbul; Izmir; Bursa; Adana; Gaziantep", "ym": "Aden; Taiz", "qa": "Al Rayyan|Ar-Rayyan",
    "ca": "Toronto; Montreal; Vancouver; Calgary; Edmonton", "mx": "Guadalajara; Monterrey; Puebla; Tijuana",
    "us": "Chicago; Houston; Los Angeles; Dallas", "ar": "Rosario; Mendoza; Tucumán",
    "bl": "Cochabamba; Santa Cruz de la Sierra|Santa Cruz", "br": "São Paulo; Rio de Janeiro; Belo Horizonte; Recife",
    "ci": "Valparaíso", "co": "Medellín; Cali; Barranquilla; Bucaramanga; Cartagena", "ec": "Guayaquil",
    "pe": "Arequipa", "ve": "Maracaibo; Barquisimeto; Maracay", "bg": "Chittagong; Khulna; Sylhet; Rajshahi",
    "in": "Mumbai; Kolkata; Bangalore; Chennai", "pk": "Karachi; Lahore; Faisalabad; Peshawar",
}  # fmt: skip

# The first city of each country above is as well known as the country, the others are less, save these.
FAMOUS_CITIES = """
Casablanca; Marrakesh; Lagos; Johannesburg; Melbourne; Sydney; Auckland; Shanghai; Osaka; Busan; Dubai; Istanbul
Toronto; Vancouver; Montreal; Chicago; Houston
Mumbai; Kolkata; Barcelona; Milan; Naples; Hamburg; Munich; Cologne; Frankfurt; Manchester; Birmingham; Glasgow
Lyon; Bordeaux; Rotterdam; Antwerp; Zürich; Porto
Kraków; Mecca; Karachi; Brisbane; Perth; Dallas; Los Angeles; Rio de Janeiro; São Paulo; Saint Petersburg
Ho Chi Minh City; Tel Aviv
"""

PEAKS = {
    "ag": "Mount Tahat|Tahat", "ao": "Mount Moco|Moco", "cd": "Emi Koussi", "cg": "Margherita Peak|Pic Marguerite",
    "cm": "Mount Cameroon|Mont Cameroun", "cn": "Mount Karthala|Karthala", "cv": "Pico do Fogo|Fogo",
    "eg": "Mount Catherine",
    "er": "Mount Soira|Soira", "et": "Ras Dashen|Ras Dejen", "gh": "Mount Afadja|Afadjato", "ke": "Mount Kenya",
    "lt": "Thabana Ntlenyana", "ly": "Bikku Bitti", "ma": "Maromokotro", "mo": "Mount Toubkal|Toubkal",
    "mz": "Monte Binga",
    "rw": "Mount Karisimbi|Karisimbi", "se": "Morne Seychellois", "sf": "Mafadi", "sl": "Mount Bintumani|Bintimani",
    "so": "Mount Shimbiris", "su": "Deriba Caldera|Jabal Marrah", "tz": "Mount Kilimanjaro|Kilimanjaro",
    "wa": "Königstein|Konigstein", "zi": "Mount Nyangani|Inyangani", "as": "Mount Kosciuszko",
    "bp": "Mount Popomanaseu",
    "fj": "Mount Tomanivi|Tomanivi", "nz": "Mount Cook|Aoraki/Mount Cook", "ws": "Mount Silisili",
    "bb": "Mount Hillaby",
    "cs": "Cerro Chirripó", "cu": "Pico Turquino", "do": "Morne Diablotins", "dr": "Pico Duarte",
    "es": "Cerro El Pital",
    "gj": "Mount Saint Catherine", "gt": "Tajumulco", "ha": "Pic la Selle", "ho": "Cerro Las Minas",
    "jm": "Blue Mountain Peak", "nu": "Mogotón", "pm": "Volcán Barú", "sc": "Mount Liamuiga", "st": "Mount Gimie",
    "vc": "La Soufrière",
    "kg": "Jengish Chokusu", "kz": "Khan Tengri|Khan-Tengri", "rs": "Mount Elbrus|El'brus",
    "ti": "Ismoil Somoni Peak|Somoniyon", "bm": "Gamlang Razi", "bx": "Bukit Pagon", "cb": "Phnom Aural|Aoral",
    "ch": "Mount Everest", "id": "Puncak Jaya", "ja": "Mount Fuji", "kn": "Mount Paektu|Paektu",
    "ks": "Hallasan|Halla-san", "la": "Phou Bia|Phu Bia",
    "mg": "Khüiten Peak|Khuiten Peak", "my": "Mount Kinabalu|Gunung Kinabalu", "pp": "Mount Wilhelm",
    "rp": "Mount Apo", "sn": "Bukit Timah",
    "th": "Doi Inthanon", "vm": "Fansipan|Fan Si Pan", "an": "Coma Pedrosa", "au": "Grossglockner", "bk": "Maglić",
    "bu": "Musala", "ei": "Carrauntoohil", "en": "Suur Munamägi", "ez": "Sněžka", "fi": "Halti",
    "fr": "Mont Blanc", "gm": "Zugspitze", "gr": "Mount Olympus", "hr": "Dinara", "hu": "Kékes",
    "ic": "Hvannadalshnúkur|Hvannadalshnukur",
    "lg": "Gaiziņkalns|Gaizina Kalns", "lo": "Gerlachovský štít|Gerlachovsky Stit", "mk": "Mount Korab|Korab",
    "no": "Galdhøpiggen|Galdhopiggen",
    "pl": "Rysy", "po": "Mount Pico|Pico", "ri": "Midžor|Midzor", "ro": "Moldoveanu", "si": "Triglav",
    "sm": "Monte Titano",
    "sp": "Teide", "sw": "Kebnekaise", "sz": "Dufourspitze", "uk": "Ben Nevis", "up": "Hoverla",
    "aj": "Bazardüzü|Bazarduzu",
    "am": "Mount Aragats|Aragats", "gg": "Shkhara", "ir": "Mount Damavand|Damavand",
    "le": "Qurnat as Sawda'|Qornet es Saouda",
    "mu": "Jabal Shams", "sy": "Mount Hermon", "tu": "Mount Ararat", "ym": "Jabal an Nabi Shu'ayb",
    "ca": "Mount Logan",
    "mx": "Pico de Orizaba", "us": "Denali|McKinley", "ar": "Aconcagua", "bl": "Nevado Sajama",
    "br": "Pico da Neblina", "ci": "Ojos del Salado",
    "co": "Pico Cristóbal Colón", "ec": "Chimborazo", "gy": "Mount Roraima", "ns": "Juliana Top", "pe": "Huascarán",
    "ve": "Pico Bolívar",
    "af": "Noshaq|Noshak", "bt": "Gangkhar Puensum|Gangkar Puensum", "ce": "Pidurutalagala",
    "in": "Kangchenjunga|Kanchenjunga",
    "np": "Mount Everest", "pk": "K2",
}  # fmt: skip
# Peaks on a border, and those whose height the entry gets wrong for want of a survey, are not asked by height.

FAMOUS_PEAKS = """
Mount Kilimanjaro; Mount Kenya; Mount Fuji; Mont Blanc; Mount Olympus; Ben Nevis; Mount Everest; Denali; Teide
Mount Ararat; Zugspitze; K2
"""

CURRENCIES = {
    "ag": "dinar", "ao": "kwanza", "bc": "pula", "by": "franc", "cd": "CFA franc|francs", "cf": "CFA franc|francs",
    "cg": "franc",
    "cm": "CFA franc|francs", "cn": "franc", "ct": "CFA franc|francs", "cv": "escudo", "dj": "franc", "eg": "pound",
    "er": "nakfa", "et": "birr",
    "ga": "dalasi", "gb": "CFA franc|francs", "gh": "cedi", "gv": "franc", "iv": "CFA franc|francs", "ke": "shilling",
    "li": "dollar", "lt": "loti|maloti",
    "ly": "dinar", "ma": "ariary", "mi": "kwacha", "ml": "CFA franc|francs", "mo": "dirham", "mp": "rupee",
    "mr": "ouguiya", "mz": "metical|meticais",
    "ng": "CFA franc|francs", "ni": "naira", "od": "pound", "pu": "CFA franc|francs", "rw": "franc", "se": "rupee",
    "sf": "rand", "sg": "CFA franc|francs",
    "sl": "leone", "so": "shilling", "su": "pound", "to": "CFA franc|francs", "tp": "dobra", "ts": "dinar",
    "tz": "shilling",
    "ug": "shilling", "uv": "CFA franc|francs", "wa": "dollar", "wz": "lilangeni|emalangeni", "za": "kwacha",
    "as": "dollar",
    "bp": "dollar", "fj": "dollar", "nh": "vatu", "nz": "dollar", "tn": "paʻanga|pa'anga", "ws": "tala",
    "bb": "dollar", "bf": "dollar", "bh": "dollar",
    "cs": "colón", "cu": "peso", "dr": "peso", "gt": "quetzal", "ha": "gourde", "ho": "lempira", "jm": "dollar",
    "nu": "córdoba", "pm": "balboa", "td": "dollar", "kg": "som", "kz": "tenge", "rs": "rouble|rubles",
    "ti": "somoni", "tx": "manat", "uz": "sum|soum",
    "bm": "kyat", "bx": "dollar", "cb": "riel", "ch": "yuan|Renminbi yuan", "id": "rupiah", "ja": "yen", "kn": "won",
    "ks": "won", "la": "kip",
    "mg": "tögrög|togrog", "my": "ringgit", "pp": "kina", "rp": "peso", "sn": "dollar", "th": "baht", "vm": "dong",
    "al": "lek|leke", "au": "euro",
    "be": "euro", "bk": "convertible mark|konvertibilna marka", "bo": "rouble|ruble", "cy": "euro",
    "da": "krone|kroner", "ei": "euro", "en": "euro",
    "ez": "koruna|koruny", "fi": "euro", "fr": "euro", "gm": "euro", "gr": "euro", "hr": "euro", "hu": "forint",
    "ic": "króna|kronur", "it": "euro",
    "lg": "euro", "lh": "euro", "lo": "euro", "ls": "Swiss franc", "lu": "euro", "md": "leu|lei", "mk": "denar",
    "mt": "euro", "nl": "euro", "no": "krone|kroner", "pl": "złoty|zlotych", "po": "euro", "ri": "dinar",
    "ro": "leu|lei", "si": "euro",
    "sp": "euro", "sw": "krona|kronor", "sz": "Swiss franc", "uk": "pound", "up": "hryvnia", "ae": "dirham",
    "aj": "manat", "am": "dram", "ba": "dinar",
    "gg": "lari", "ir": "rial", "is": "shekel", "iz": "dinar", "jo": "dinar", "ku": "dinar", "le": "pound",
    "mu": "rial", "qa": "riyal|rial", "sa": "riyal",
    "sy": "pound", "tu": "lira", "ym": "rial", "ca": "dollar", "mx": "peso", "ar": "peso", "bl": "boliviano",
    "br": "real", "ci": "peso", "co": "peso",
    "gy": "dollar", "ns": "dollar", "pa": "guaraní|guarani", "pe": "sol", "uy": "peso", "ve": "bolívar|bolivar",
    "af": "afghani", "bg": "taka", "bt": "ngultrum",
    "ce": "rupee", "in": "rupee", "mv": "rufiyaa", "np": "rupee", "pk": "rupee",
}  # fmt: skip

# One official language, or one that outsiders would not expect.
LANGUAGES = {
    "br": "Portuguese", "ao": "Portuguese", "mz": "Portuguese", "cv": "Portuguese", "tp": "Portuguese",
    "pu": "Portuguese",
    "ns": "Dutch", "au": "German", "ls": "German", "ir": "Persian", "is": "Hebrew", "cb": "Khmer", "la": "Lao",
    "bg": "Bengali|Bangla", "mv": "Dhivehi", "np": "Nepali", "ar": "Spanish", "cu": "Spanish",
    "pe": "Spanish", "mx": "Spanish", "co": "Spanish", "bh": "English", "gy": "English", "eg": "Arabic",
    "jo": "Arabic",
    "sg": "French", "iv": "French", "bn": "French", "to": "French", "gb": "French", "cf": "French", "cg": "French",
    "mn": "French",
    "ch": "Mandarin Chinese|Mandarin", "md": "Romanian", "sm": "Italian", "an": "Catalan", "ni": "English",
    "za": "English", "li": "English", "sl": "English", "ga": "English", "jm": "English", "bf": "English",
    "gv": "French",
    "mg": "Mongolian", "bx": "Malay", "bt": "Dzongkha", "et": "Amharic",
}  # fmt: skip

# Languages that may be wrong options, and must be looked for in an entry first.
WIDE_LANGUAGES = (
    "English French Spanish Portuguese Arabic Russian German Italian Dutch Hindi Urdu Turkish Swahili Malay"
)

LOCAL_NAMES = {
    "al": "Shqipëria|Shqiperia", "fi": "Suomi", "hu": "Magyarország|Magyarorszag", "hr": "Hrvatska",
    "gm": "Deutschland", "au": "Österreich|Oesterreich",
    "en": "Eesti", "lh": "Lietuva", "ei": "Éire|Eire", "in": "Bharat", "ch": "Zhongguo", "ja": "Nippon",
    "ks": "Hanguk|Han'guk", "kn": "Chosŏn|Choson",
    "am": "Hayastan", "gg": "Sakartvelo|Sak'art'velo", "bt": "Druk Yul", "mo": "Al Maghrib", "jo": "Al Urdun",
    "mj": "Crna Gora",
    "gr": "Ellada", "nl": "Nederland", "mv": "Dhivehi Raajje", "sp": "España", "sw": "Sverige", "no": "Norge",
    "pl": "Polska",
    "eg": "Misr", "le": "Lubnan", "th": "Prathet Thai", "sz": "Schweiz", "ez": "Česko|Cesko", "fj": "Viti",
    "er": "Ertra",
    "ag": "Al Jaza'ir", "is": "Yisra'el", "lg": "Latvija", "cb": "Kampuchea", "mg": "Mongol Uls",
}  # fmt: skip

FORMER_NAMES = {
    "bc": "Bechuanaland", "bn": "Dahomey", "cg": "Zaire", "ct": "Ubangi-Shari", "dj": "French Somaliland",
    "ek": "Spanish Guinea",
    "et": "Abyssinia", "gh": "the Gold Coast|Gold Coast", "lt": "Basutoland", "mi": "Nyasaland", "ml": "French Sudan",
    "uv": "Upper Volta", "wa": "South-West Africa", "wz": "Swaziland", "za": "Northern Rhodesia",
    "zi": "Southern Rhodesia", "kr": "the Gilbert Islands|Gilbert Islands",
    "nh": "the New Hebrides|New Hebrides", "nr": "Pleasant Island", "tn": "the Friendly Islands|Friendly Islands",
    "tv": "the Ellice Islands|Ellice Islands", "bh": "British Honduras",
    "id": "the Dutch East Indies|Dutch East Indies", "th": "Siam", "ae": "the Trucial States|Trucial States",
    "ir": "Persia", "iz": "Mesopotamia", "jo": "Transjordan",
    "bl": "Upper Peru", "ns": "Dutch Guiana", "uy": "the Banda Oriental|Banda Oriental", "bg": "East Pakistan",
    "ce": "Ceylon", "ba": "Dilmun",
    "ke": "British East Africa", "mz": "Portuguese East Africa", "tz": "Tanganyika", "by": "Urundi",
    "cb": "Democratic Kampuchea",
    "ws": "Western Samoa", "tt": "Portuguese Timor", "pu": "Portuguese Guinea",
}  # fmt: skip

# Anthems whose title, in English, neither names the country nor could be any country's.
ANTHEM_MEANINGS = """
bn The Dawn of a New Day; ct The Renaissance; cv Song of Freedom; ek Let Us Tread the Path;
ke O God of All Creation; so Every Nation Has Its Own Flag; sg Pluck Your Koras, Strike the Balafons
ts Defenders of the Homeland
cn The Union of the Great Islands; mz Lovely Fatherland
ng The Honour of the Fatherland|The Honor of the Fatherland; ag We Pledge; iv Song of Abidjan
tp Total Independence; tz God Bless Africa; uv Anthem of Victory; nh We, We, We; ws The Banner of Freedom
cu The Bayamo Song; ha The Dessalines Song; pm Isthmus Hymn; ch The March of the Volunteers
bx God Bless His Majesty
bm Till the End of the World; rp Chosen Land; sn Onward, Singapore; th A Salute to the Monarch
vm The Song of the Marching Troops
al Hymn to the Flag; an The Great Charlemagne; be The Song of Brabant; da King Christian Stood by the Lofty Mast
ei The Soldier's Song
en My Native Land, My Pride and Joy; ez Where is My Home?; fr The Song of Marseille; gm Song of the Germans
hr Our Beautiful Homeland
ic Song of Praise; lo Storm Over the Tatras; ls High Above the Young Rhine; md Our Tongue
mj Oh, Bright Dawn of May; pl Dąbrowski's Mazurka
ri God of Justice; si A Toast; up Ukraine Has Not Yet Perished; vt Pontifical Anthem; is The Hope
mu The Sultan's Anthem; qa Peace be to the Emir; tu The March of Independence; ec We Salute You, Our Homeland
ve Glory to the Brave People
bg My Golden Bengal; bt The Thunder Dragon Kingdom; in Thou Art the Ruler of the Minds of All People
np Hundreds of Flowers
sa Long Live Our Beloved King; le All of Us, For Our Country!; mo Hymn of the Sharif
su We Are the Army of God and of Our Land
"""
ANTHEM_SPELLINGS = {
    "pl": "Mazurek Dąbrowskiego", "ez": "Kde domov můj?", "hr": "Lijepa naša domovino", "mo": "Hymne chérifien",
    "ri": "Bože pravde", "lo": "Nad Tatrou sa blýska",
    "ic": "Lofsöngur", "tu": "İstiklâl Marşı", "cv": "Cântico da Liberdade", "ei": "Amhrán na bhFiann",
    "pm": "Himno Istmeño", "md": "Limba noastră", "vm": "Tiến Quân Ca", "ec": "¡Salve, Oh Patria!",
    "tp": "Independência total", "bn": "L'Aube nouvelle", "en": "Mu isamaa, mu õnn ja rõõm",
}  # fmt: skip
ANTHEM_TITLES = {
    "us": "The Star-Spangled Banner", "fr": "La Marseillaise", "sl": "High We Exalt Thee, Realm of the Free",
    "mp": "Motherland", "do": "Isle of Beauty",
    "td": "Forged From the Love of Liberty", "pp": "O Arise, All You Sons", "is": "Hatikvah", "be": "La Brabançonne",
    "ja": "Kimigayo|Kimigayo",
    "my": "Negaraku", "rp": "Lupang Hinirang", "pl": "Mazurek Dąbrowskiego|Mazurek Dabrowskiego", "cu": "La Bayamesa",
    "ei": "Amhrán na bhFiann|Amhran na bhFiann", "in": "Jana Gana Mana|Jana-Gana-Mana", "bg": "Amar Shonar Bangla",
    "tu": "İstiklâl Marşı|Istiklal Marsi", "ez": "Kde domov můj|Kde domov muj", "nl": "Het Wilhelmus",
    "it": "Il Canto degli Italiani",
    "am": "Mer Hayrenik", "si": "Zdravljica", "bu": "Mila Rodino", "ic": "Lofsöngur|Lofsongur",
}  # fmt: skip

# Left out: those that were states before, or changed hands more than once.
INDEPENDENCE_LEFT_OUT = "am aj gg rs nz lu gr tt fi"
# Independence was declared in one year and won in another: the year is no fair question.
INDEPENDENCE_YEAR_UNCLEAR = "mx ci co ve pa uy ec id vm la ei cu bl"

# The entries' words for the former ruler, and the question's.
POWERS = {
    "the UK": "the United Kingdom", "UK protectorate status": "the United Kingdom", "France": "France",
    "Portugal": "Portugal", "Spain": "Spain", "Belgium": "Belgium", "the Netherlands": "the Netherlands",
    "the Soviet Union": "the Soviet Union", "Yugoslavia": "Yugoslavia", "the US": "the United States",
    "UN trusteeship under Belgian administration": "Belgium", "Belgium-administered UN trusteeship": "Belgium",
    "French-administered UN trusteeship": "France", "New Zealand-administered UN trusteeship": "New Zealand",
    "the US-administered UN trusteeship": "the United States", "South African mandate": "South Africa",
    "the Australia-administered UN trusteeship": "Australia", "Ethiopia": "Ethiopia", "Sudan": "Sudan",
    "Haiti": "Haiti", "Pakistan": "Pakistan", "Brazil": "Brazil", "Russia": "Russia",
    "the Ottoman Empire": "the Ottoman Empire", "Malaysian Federation": "Malaysia",
}  # fmt: skip

DEMONYMS = {
    "bc": "Batswana", "lt": "Basotho", "ma": "Malagasy", "uv": "Burkinabè|Burkinabe", "ng": "Nigeriens|Nigerien",
    "se": "Seychellois", "kr": "I-Kiribati",
    "nh": "Ni-Vanuatu", "mn": "Monégasques|Monegasque", "sm": "Sammarinese", "rp": "Filipinos|Filipino",
    "pl": "Poles|Pole",
    "da": "Danes|Dane", "sp": "Spaniards|Spaniard", "ae": "Emiratis|Emirati", "bb": "Bajans|Bajan",
    "cy": "Cypriots|Cypriot", "sc": "Kittitians and Nevisians|Kittitian",
    "iv": "Ivorians|Ivoirian", "ek": "Equatoguineans|Equatoguinean", "es": "Salvadorans|Salvadoran", "bm": "Burmese",
    "si": "Slovenes|Slovene", "sz": "Swiss",
}  # fmt: skip

LEGISLATURES = {
    "is": "Knesset", "ic": "Althing|Althingi", "no": "Storting", "sw": "Riksdag", "da": "Folketing", "lg": "Saeima",
    "lh": "Seimas", "en": "Riigikogu",
    "up": "Verkhovna Rada", "ei": "Oireachtas", "sp": "Cortes Generales", "mk": "Sobranie", "hr": "Sabor",
    "ja": "National Diet|National Diet",
    "mg": "State Great Khural|State Great Hural", "kg": "Jogorku Kenesh", "bm": "Pyidaungsu Hluttaw",
    "mv": "People's Majlis", "nl": "States General",
    "fi": "Eduskunta", "tz": "Bunge", "uz": "Oliy Majlis", "us": "Congress", "ch": "National People's Congress",
    "rs": "Federal Assembly|Federal Assembly",
    "in": "Sansad", "sm": "Grand and General Council|Great and General Council",
    "tu": "Grand National Assembly|Grand National Assembly", "wz": "Libandla", "rm": "Nitijela",
}  # fmt: skip

# National symbols that only one country of the table has.
SYMBOLS = {
    "ag": "the fennec fox|fennec fox", "ao": "the giant black sable antelope|giant black sable antelope",
    "bc": "the zebra|zebra", "gb": "the black panther|black panther", "er": "the camel|camel",
    "lt": "the mokorotlo, a straw hat|hat", "mp": "the dodo|dodo", "mz": "a rifle and a hoe|rifle, hoe, and book",
    "se": "the coco de mer, a sea coconut|coco de mer",
    "sf": "the springbok and the king protea|springbok", "su": "the secretary bird|secretary bird",
    "ug": "the grey crowned crane|grey crowned crane",
    "wa": "the oryx|oryx", "as": "the kangaroo and the emu|kangaroo, emu",
    "nz": "the kiwi and the silver fern|silver fern", "ac": "the fallow deer|fallow deer",
    "bf": "the blue marlin and the flamingo|blue marlin, flamingo", "bh": "the keel-billed toucan|keel-billed toucan",
    "do": "the sisserou parrot|sisserou parrot", "gt": "the quetzal|quetzal",
    "ha": "the Hispaniolan trogon|Hispaniolan trogon", "ho": "the scarlet macaw|scarlet macaw",
    "td": "the scarlet ibis|scarlet ibis", "pm": "the harpy eagle|harpy eagle",
    "st": "the twin Pitons|twin pitons", "kg": "the white falcon|white falcon", "rs": "the bear|bear",
    "ti": "the Marco Polo sheep|Marco Polo sheep", "tx": "the Akhal-Teke horse|Akhal-Teke horse",
    "bm": "the chinthe, a mythical lion|chinthe", "cb": "the temple of Angkor Wat|Angkor Wat",
    "ch": "the giant panda|giant panda", "ja": "the red sun disc and the chrysanthemum|chrysanthemum",
    "kn": "the chollima, a winged horse|chollima", "ks": "the Siberian tiger|Siberian tiger",
    "mg": "the Soyombo character|Soyombo", "pp": "the bird of paradise|bird of paradise",
    "sn": "the merlion, half lion and half fish|merlion", "au": "the edelweiss|edelweiss",
    "cy": "the mouflon, a wild sheep|mouflon", "ei": "the harp and the shamrock|harp, shamrock",
    "en": "the barn swallow and the cornflower|barn swallow",
    "fr": "the Gallic rooster and Marianne|Gallic rooster", "ic": "the gyrfalcon|gyrfalcon",
    "lg": "the white wagtail|white wagtail", "lh": "the mounted knight called Vytis|Vytis",
    "md": "the aurochs, a wild ox|aurochs",
    "po": "the armillary sphere|armillary sphere", "sp": "the Pillars of Hercules|Pillars of Hercules",
    "up": "the trident called tryzub|tryzub", "vt": "crossed keys under a papal tiara|crossed keys",
    "aj": "flames of fire|flames of fire", "am": "Mount Ararat|Mount Ararat", "is": "the menorah|menorah",
    "le": "the cedar tree|cedar tree", "mu": "the khanjar dagger on crossed swords|khanjar",
    "sa": "the palm tree over two crossed swords|palm tree over two crossed swords",
    "sy": "the northern bald ibis|northern bald ibis", "ca": "the maple leaf and the beaver|maple leaf",
    "us": "the bald eagle|bald eagle", "ci": "the huemul, a mountain deer|huemul", "bl": "the llama|llama",
    "gy": "the hoatzin and the jaguar|hoatzin", "pe": "the vicuña|vicuna", "ve": "the troupial|troupial",
    "bg": "the Bengal tiger|Bengal tiger", "mv": "the yellowfin tuna|yellowfin tuna",
    "np": "the rhododendron|rhododendron",
    "bt": "the thunder dragon, called druk|thunder dragon",
    "ma": "the traveller's palm and the zebu|traveller's palm", "rw": "a woven basket with a peaked lid|woven basket",
    "cs": "the yiguirro, a clay-coloured thrush|yiguirro",
    "gj": "the Grenada dove|Grenada dove", "hr": "the red-and-white checkerboard|checkerboard",
}  # fmt: skip

NAME_MEANINGS = {
    "cs": "rich coast", "es": "the Saviour|Savior", "ho": "depths", "bb": "the bearded ones",
    "jm": "Land of Wood and Water", "ve": "Little Venice", "au": "eastern realm",
    "mj": "dark mountain|dark mountain", "nl": "the lowlands|lowlands", "ba": "the two seas",
    "zi": "houses of stones", "nh": "our land forever", "tv": "eight standing together", "ls": "light stone",
    "as": "southern", "er": "Red Sea", "ha": "Land of Mountains", "id": "Indian islands", "cn": "the moon",
    "bf": "low sea|low sea", "no": "northern way", "gj": "pomegranate",
}  # fmt: skip
CAPITAL_MEANINGS = {
    "et": "new flower", "eg": "the victorious|victorious", "ke": "cool waters",
    "lt": "place of red sandstones|red sandstones", "ly": "three cities", "ma": "city of the thousand",
    "ct": "rapids",
    "gb": "free town", "as": "meeting place", "fj": "little hill", "ha": "the port of the prince|port of the prince",
    "ho": "silver mountain|silver mountain", "kz": "capital city", "ti": "Monday",
    "cb": "mountain of plenty", "ja": "eastern capital", "la": "city of sandalwood", "mg": "red hero",
    "my": "muddy river junction", "vm": "inside the river", "ez": "threshold",
    "hr": "beyond the bank|beyond the bank", "ic": "smoky bay", "en": "Danish fort", "gg": "warm",
    "le": "the wells|wells", "sa": "gardens", "qa": "the big tree|big tree", "pa": "assumption",
    "pk": "city of Islam", "ag": "the islands|islands",
    "cn": "at the place of fire", "gv": "over the water", "ca": "to trade", "rm": "two openings",
}  # fmt: skip

VOLCANOES = {
    "cg": "Nyiragongo", "cn": "Karthala", "et": "Erta Ale", "tz": "Ol Doinyo Lengai", "nz": "Ruapehu",
    "cs": "Arenal; Irazú|Irazu", "gt": "Pacaya; Santa María",
    "nu": "Cerro Negro; Momotombo", "rs": "Klyuchevskaya Sopka|Kliuchevskoi; Avachinsky",
    "id": "Merapi; Krakatau; Tambora", "ja": "Sakurajima|Sakura-jima; Unzen", "pp": "Ulawun; Rabaul",
    "rp": "Mayon; Taal; Pinatubo", "gr": "Santorini; Nisyros",
    "ic": "Eyjafjallajökull|Eyjafjallajokull; Katla; Hekla", "it": "Etna; Vesuvius; Stromboli", "sp": "Teide",
    "mx": "Colima; Popocatépetl",
    "us": "Mauna Loa; Mount Rainier; Kilauea", "ec": "Cotopaxi; Sangay; Tungurahua",
    "pe": "El Misti; Ubinas; Huaynaputina", "co": "Galeras; Nevado del Ruiz", "ci": "Llaima; Villarrica; Lascar",
    "nh": "Yasur; Ambrym", "cv": "Fogo", "er": "Nabro", "cm": "Mount Cameroon|Mt. Cameroon", "bp": "Tinakula",
}  # fmt: skip

LAKES = {
    "rs": "Lake Baikal; Lake Onega; Lake Ladoga", "nz": "Lake Taupo", "hu": "Lake Balaton", "am": "Lake Sevan",
    "fi": "Lake Saimaa|Saimaa; Lake Inari|Inarijarvi", "sw": "Lake Vänern|Vanern; Lake Vättern|Vattern",
    "id": "Lake Toba|Danau Toba", "ja": "Lake Biwa|Biwa-ko", "cb": "the Tonlé Sap|Tonle Sap",
    "nu": "Lake Nicaragua|Nicaragua", "kz": "Lake Balkhash|Balkhash", "kg": "Lake Issyk-Kul|Issyk-Kul",
    "ve": "Lake Maracaibo|Maracaibo", "tu": "Lake Van", "ir": "Lake Urmia", "as": "Lake Eyre; Lake Torrens",
    "mx": "Lake Chapala|Chapala", "gt": "Lake Izabal|Izabal", "et": "Lake Tana",
    "bl": "Lake Poopó|Poopo",
    "us": "Lake Michigan|Michigan; the Great Salt Lake|Great Salt; Lake Okeechobee|Okeechobee",
    "ca": "Great Bear Lake; Great Slave Lake; Lake Winnipeg; Lake Athabasca",
    "ar": "Lago Argentino", "za": "Lake Bangweulu", "mg": "Lake Khövsgöl|Hovsgol",
    "ch": "Qinghai Lake|Quinghai Hu; Poyang Lake|Poyang", "in": "Chilika Lake", "dr": "Lake Enriquillo|Enriquillo",
    "ug": "Lake Kyoga",
    "rp": "Laguna de Bay", "ci": "Lake Llanquihue|Llanquihue",
}  # fmt: skip
# Lake: all the countries on its shore.
SHARED_LAKES = {
    "Lake Titicaca|Titicaca": "pe bl", "Lake Victoria": "ug ke tz", "Lake Tanganyika": "cg tz za by",
    "Lake Geneva": "fr sz", "Lake Constance": "gm sz au", "Lake Malawi|Lake Malawi": "mi mz tz",
    "Lake Turkana": "et ke", "Lake Peipus": "en rs", "Lake Albert": "ug cg", "Lake Kivu": "rw cg",
    "Lake Scutari": "al mj", "Lake Superior|Superior": "us ca",
    "the Aral Sea|Aral Sea": "kz uz", "Lake Mweru": "za cg", "Lake Edward": "ug cg", "Lake Khanka": "rs ch",
}  # fmt: skip

# River: fame; countries through which it flows, and after the + those of its basin that would make no fair wrong
# option; the entry that tells its length.
RIVERS = {
    "Danube": (1, "gm au lo hu hr ri bu ro + md up", "ro"),
    "Rhine": (1, "sz au gm fr nl + ls it be", "nl"),
    "Mekong": (1, "la th cb vm ch + bm", "vm"),
    "Nile": (1, "eg su od ug + rw by tz ke cg et er", "eg"),
    "Zambezi": (2, "za zi mz ao + wa bc mi tz cg", "mz"),
    "Niger": (2, "ml ni gv + bn ng", "ni"),
    "Limpopo": (2, "mz sf bc zi +", "mz"),
    "Okavango": (3, "bc ao wa +", "bc"),
    "Congo": (1, "ao + cg cf za tz by ct cm rw", "cg"),
    "Orange": (2, "sf wa lt +", "wa"),
    "Senegal": (3, "ml mr gv + sg", "mr"),
    "Euphrates": (1, "iz sy tu + ku sa jo", "iz"),
    "Tigris": (1, "iz tu + sy ir", "iz"),
    "Indus": (1, "pk in + ch af", "pk"),
    "Brahmaputra": (2, "in bg ch + bt", "bg"),
    "Ganges": (1, "in bg + np ch", "bg"),
    "Amur": (2, "rs ch + mg kn", "rs"),
    "Syr Darya": (3, "kz uz + kg ti", "kz"),
    "Amu Darya": (3, "uz tx ti + af kg", "uz"),
    "Salween": (3, "bm + ch th", "bm"),
    "Irrawaddy": (2, "bm + ch in", "bm"),
    "Dnieper": (2, "up bo rs +", "up"),
    "Dniester": (3, "md up + pl ro", "up"),
    "Elbe": (2, "gm ez + au pl", "gm"),
    "Tagus": (2, "po sp +", "sp"),
    "Rio Grande": (1, "us mx + br", "mx"),
    "Colorado": (1, "us + mx ar", "mx"),
    "Yukon": (2, "ca us +", "us"),
    "Columbia": (2, "us ca + co", "us"),
    "Amazon": (1, "br pe + co ec bl ve gy ns", "br"),
    "Orinoco": (2, "ve + co br gy", "ve"),
    "Paraná": (2, "br pa ar + uy bl", "ar"),
    "Uruguay": (3, "br ar + uy pa", "uy"),
    "Loire": (1, "fr + sz be", "fr"),
    "Volga": (1, "rs + kz", "rs"),
    "Lena": (2, "rs +", "rs"),
    "Murray": (2, "as + nz", "as"),
    "Darling": (2, "as + nz", "as"),
    "Yangtze": (1, "ch +", "ch"),
    "Mackenzie": (2, "ca +", "ca"),
    "Missouri": (1, "us + ca", "us"),
    "Mississippi": (1, "us + ca", "us"),
    "São Francisco": (3, "br +", "br"),
    "Tocantins": (3, "br +", "br"),
    "Godavari": (2, "in +", "in"),
    "Narmada": (3, "in +", "in"),
    "Fraser": (2, "ca + us as", "ca"),
    "Blue Nile": (2, "et su + od", "su"),
    "Vistula": (2, "pl + up bo lo ez", "pl"),
    "Draa": (3, "mo + ag", "mo"),
    "Sepik": (3, "pp + id", "pp"),
    "Chindwin": (3, "bm + in", "bm"),
    "Don": (2, "rs + up uk fr", "rs"),
    "Helmand": (3, "af + ir pk", "af"),
    "Volta": (3, "gh uv + to bn iv ml", "gh"),
}  # fmt: skip

# Territory: fame, whose it is, what else the explanation says (from the entry's location).
TERRITORIES = """
gq 2 us Guam; cq 3 us the Northern Mariana Islands; rq 1 us Puerto Rico
av 2 uk Anguilla; bd 1 uk Bermuda
cj 2 uk the Cayman Islands; gi 1 uk Gibraltar; mh 2 uk Montserrat
tk 2 uk the Turks and Caicos Islands; pc 3 uk the Pitcairn Islands
nc 2 fr New Caledonia; sb 3 fr Saint Pierre and Miquelon; wf 3 fr Wallis and Futuna
tb 2 fr Saint Barthélemy; aa 1 nl Aruba; uc 2 nl Curaçao; nn 3 nl Sint Maarten
fo 2 da the Faroe Islands; gl 1 da Greenland; sv 2 no Svalbard; jn 3 no Jan Mayen; bv 3 no Bouvet Island
kt 2 as Christmas Island; ck 2 as the Cocos Islands; nf 2 as Norfolk Island
hm 3 as Heard Island and McDonald Islands; tl 3 nz Tokelau
"""

SPACEPORTS = {
    "kz": "the Baikonur Cosmodrome|Baikonur",
    "rs": "the Plesetsk Cosmodrome|Plesetsk; the Vostochny Cosmodrome|Vostochny",
    "ch": "the Jiuquan launch centre|Jiuquan; the Xichang launch centre|Xichang",
    "ja": "the Tanegashima Space Center|Tanegashima", "ks": "the Naro Space Center|Naro Space Center",
    "nz": "the Mahia Peninsula launch complex|Mahia Peninsula", "no": "the Andøya spaceport|Andøya",
    "sw": "the Esrange Space Center|Esrange", "in": "the Satish Dhawan Space Centre|Satish Dhawan",
    "br": "the Alcântara Launch Center|Alcantara", "kn": "the Sohae launching station|Sohae",
    "is": "the Palmachim air base|Palmachim",
    "as": "the Arnhem Space Centre|Arnhem", "ke": "the Luigi Broglio Space Center|Luigi Broglio",
}  # fmt: skip

# Countries whose list of neighbours by land is not whole, for it leaves out, or is only, what lies overseas.
PART_BORDERS = "fr nl da uk sp cu mo ag mr us ca"

# World Heritage Sites that do not tell where they are and lie in one country: code, fame, name|found.
SITES = """
eg 1 the Nubian monuments of Abu Simbel|Nubian Monuments; eg 2 ancient Thebes and its necropolis|Ancient Thebes
eg 2 the monastery area of Saint Catherine|Saint Catherine Area
ag 3 the Roman ruins of Timgad|Timgad; ag 3 the M'zab Valley|M'zab Valley; ag 3 the Roman ruins of Djémila|Djémila
bn 3 the Royal Palaces of Abomey; et 2 the rock-hewn churches of Lalibela|Lalibela
et 3 the obelisks of Aksum|Aksum; et 3 the fortified town of Harar|Harar Jugol
ke 2 Fort Jesus|Fort Jesus; ke 3 Lamu Old Town; ly 2 the ancient Greek city of Cyrene|Cyrene
ly 2 the Roman ruins of Leptis Magna|Leptis Magna; ly 3 the old town of Ghadamès|Ghadamès
ml 1 the city of Timbuktu|Timbuktu; ml 3 the Cliff of Bandiagara|Bandiagara
ml 3 the mud-brick towns of Djenné|Djenné
mo 3 the Roman ruins of Volubilis|Volubilis; mo 2 the Ksar of Ait-Ben-Haddou|Ait-Ben-Haddou
mo 2 the Medina of Fez; mo 2 the Medina of Essaouira; mp 3 the immigration depot of Aapravasi Ghat|Aapravasi Ghat
gh 3 the Asante Traditional Buildings; sf 1 Robben Island; sf 3 Mapungubwe|Mapungubwe
sg 2 the Island of Gorée|Island of Gorée; su 3 Gebel Barkal|Gebel Barkal; su 3 the Island of Meroe|Meroe
ts 1 the ruins of Carthage|Carthage; ts 2 the amphitheatre of El Jem|El Jem
ts 3 the holy city of Kairouan|Kairouan; tz 2 the Stone Town of Zanzibar
tz 3 the ruins of Kilwa Kisiwani|Kilwa Kisiwani
zi 3 the Khami Ruins|Khami Ruins; er 3 Asmara, a modernist African city|A Modernist African City
uv 3 the ruins of Loropéni|Loropéni; ni 3 the Osun-Osogbo Sacred Grove
as 1 the Sydney Opera House|Sydney Opera House; as 3 the Royal Exhibition Building|Royal Exhibition Building
fm 3 the ceremonial centre of Nan Madol|Nan Madol; cu 2 the Viñales Valley|Viñales Valley
cu 2 Old Havana|Old Havana; es 3 the Maya village of Joya de Cerén|Joya de Cerén
gt 2 the Maya city of Tikal|Tikal; gt 3 the Maya ruins of Quirigua|Quirigua; ho 2 the Maya site of Copán|Copan
cs 3 a group of pre-Columbian stone spheres|Precolumbian Stone Spheres
sc 3 the Brimstone Hill Fortress|Brimstone Hill Fortress; rs 1 the Kremlin and Red Square|Kremlin and Red Square
rs 2 the wooden churches of Kizhi Pogost|Kizhi Pogost; rs 3 the citadel of Derbent|Derbent
tx 3 the ancient city of Merv|Ancient Merv; uz 2 the city of Samarkand|Samarkand
uz 3 the walled town of Itchan Kala|Itchan Kala; uz 3 the old city of Bukhara|Historic Bukhara
kz 3 the Mausoleum of Khoja Ahmed Yasawi; bm 2 the temples of Bagan|Bagan; cb 1 the temples of Angkor|Angkor
cb 2 the Temple of Preah Vihear; cb 3 the temples of Sambor Prei Kuk|Sambor Prei Kuk
ch 1 the Great Wall|The Great Wall
ch 1 the army of terracotta warriors of the First Emperor|Mausoleum of the First Qin Emperor
ch 2 the Potala Palace|Potala Palace; ch 2 the Mogao Caves|Mogao Caves; ch 2 the Longmen Grottoes|Longmen Grottoes
ch 3 the Fujian Tulou, large earthen houses|Fujian Tulou; ch 3 the Old Town of Lijiang|Old Town of Lijiang
ch 3 the classical gardens of Suzhou|Classical Gardens of Suzhou; ch 2 the Temple of Heaven|Temple of Heaven
id 1 the Buddhist temple of Borobudur|Borobudur; id 2 the Hindu temples of Prambanan|Prambanan
ja 2 Himeji Castle|Himeji-jo; ja 2 the Itsukushima Shrine|Itsukushima; ja 3 the shrines and temples of Nikko|Nikko
ja 3 the thatched villages of Shirakawa-go|Shirakawa-go
ja 1 the historic monuments of ancient Kyoto|Ancient Kyoto
kn 3 the historic monuments of Kaesong|Kaesong; ks 2 the Changdeokgung Palace|Changdeokgung
ks 3 the Jongmyo Shrine|Jongmyo Shrine; ks 3 the Hwaseong Fortress|Hwaseong Fortress
la 2 the Plain of Jars|Plain of Jars; la 2 the town of Luang Prabang|Luangphrabang
my 2 the historic cities of Melaka and George Town|Melaka and George Town; rp 3 the town of Vigan|Historic Vigan
th 2 the ruined city of Ayutthaya|Ayutthaya; th 3 the historic town of Sukhothai|Sukhothai
vm 2 Hoi An Ancient Town|Hoi An; vm 3 the My Son Sanctuary|My Son Sanctuary; vm 2 the monuments of Hué|Hué
al 3 the ancient city of Butrint|Butrint; au 2 the Palace of Schönbrunn|Schönbrunn
au 3 the Semmering railway|Semmering railway; au 3 the Wachau valley|Wachau
au 1 the historic centre of Salzburg|Salzburg
be 2 the historic centre of Bruges|Historic Brugge; be 2 the town houses of Victor Horta|Victor Horta
bk 2 the Old Bridge of Mostar|Old Bridge Area of Mostar
bk 3 the Mehmed Paša Sokolović Bridge|Mehmed Paša Sokolović; bu 2 the Rila Monastery|Rila Monastery
bu 3 the Boyana Church|Boyana Church; bu 3 the Madara Rider, carved in a cliff|Madara Rider
bu 3 the ancient city of Nessebar|Nessebar
cy 2 the ruins of Paphos|Paphos; cy 3 the painted churches of Troodos|Troodos
da 2 Kronborg Castle|Kronborg Castle; da 3 the rune stones of Jelling|Jelling; da 3 Roskilde Cathedral|Roskilde
ei 2 the monastic island of Skellig Michael|Sceilg Mhichíl; ei 2 the tombs of Brú na Bóinne|Brú na Bóinne
fi 2 the fortress of Suomenlinna|Suomenlinna; fi 3 the wooden town of Old Rauma|Old Rauma
ez 2 the old town of Český Krumlov|Český Krumlov; ez 3 the silver-mining town of Kutná Hora|Kutná Hora
ez 3 the Holy Trinity Column of Olomouc|Olomouc
fr 1 the Palace of Versailles|Versailles; fr 1 Mont-Saint-Michel|Mont-Saint-Michel
fr 2 the Pont du Gard|Pont du Gard; fr 2 the walled city of Carcassonne|Carcassonne; fr 2 Chartres Cathedral
fr 3 the megaliths of Carnac|Carnac; fr 3 Amiens Cathedral; gm 2 Cologne Cathedral; gm 3 Aachen Cathedral
gm 3 Wartburg Castle; gm 3 the Museum Island|Museumsinsel
gm 2 the Bauhaus and its sites in Weimar and Dessau|Bauhaus
gr 1 the Acropolis|Acropolis; gr 2 the oracle of Delphi|Delphi; gr 2 the monasteries of Meteora|Meteora
gr 2 the citadel of Mycenae|Mycenae; gr 2 the ruins of Olympia|Olympia; gr 3 the sacred island of Delos|Delos
gr 3 Mount Athos|Mount Athos; hr 1 the old city of Dubrovnik|Dubrovnik; hr 3 Šibenik Cathedral|Šibenik
hr 3 the Euphrasian Basilica|Euphrasian; hu 3 the Tokaj wine region|Tokaj; hu 3 the village of Hollókő|Hollókő
ic 3 Thingvellir, where an old parliament met|Thingvellir
it 1 the ruins of Pompeii|Pompeii; it 1 the Leaning Tower, on the Piazza del Duomo|Piazza del Duomo
it 2 Villa Adriana, the villa of the emperor Hadrian|Villa Adriana; it 2 the Amalfi Coast|Costiera Amalfitana
it 3 the early Christian mosaics of Ravenna|Ravenna; it 2 the Cinque Terre|Cinque Terre
it 3 the Villa Romana del Casale
lh 3 the archaeological site of Kernavė|Kernavė; lo 3 Spiš Castle|Spišský Hrad
lo 3 the village of Vlkolínec|Vlkolínec; lo 3 Bardejov Town; mj 3 the fortified city of Kotor|Kotor
mt 3 the underground tombs of Ħal Saflieni|Hypogeum; nl 2 the windmills of Kinderdijk|Kinderdijk
nl 3 the Rietveld Schröder House|Rietveld; nl 3 the Beemster Polder|Beemster
no 2 Bryggen, a Hanseatic wharf|Bryggen; no 3 the Urnes Stave Church|Urnes; no 3 the mining town of Røros|Røros
no 3 the rock art of Alta|Rock Art of Alta
pl 2 the Wieliczka salt mine|Wieliczka; pl 2 Malbork Castle|Malbork; pl 3 the Renaissance town of Zamość|Zamość
po 2 the Tower of Belém|Belém; po 2 the palaces of Sintra|Sintra
po 3 the Convent of Christ in Tomar|Convent of Christ; ri 3 the Studenica Monastery|Studenica
ro 2 the fortified churches of Transylvania|Transylvania; ro 3 the town of Sighișoara|Sighişoara
sp 1 the Alhambra|Alhambra; sp 2 the cave of Altamira|Altamira; sp 2 the works of Antoni Gaudí|Antoni Gaudí
sp 2 the aqueduct of Segovia|Segovia; sp 3 the Tower of Hercules, a Roman lighthouse|Tower of Hercules
sp 3 El Escorial|El Escorial; sp 2 the old town of Santiago de Compostela|Santiago de Compostela
sw 2 the Royal Domain of Drottningholm|Drottningholm; sw 3 the Hanseatic town of Visby|Visby
sw 3 the rock carvings of Tanum|Tanum; sz 3 the Abbey of St Gall|Abbey of St Gall
sz 3 the vineyard terraces of Lavaux|Lavaux; uk 1 Stonehenge|Stonehenge; uk 1 the Tower of London|Tower of London
uk 2 Blenheim Palace|Blenheim Palace; uk 3 the Ironbridge Gorge|Ironbridge; uk 2 the city of Bath|City of Bath
up 3 the city of Lviv|Lviv; up 2 the Kyiv Pechersk Lavra, a cave monastery|Pechersk Lavra
aj 3 the rock carvings of Gobustan|Gobustan; am 3 the Monastery of Geghard|Geghard
gg 3 the Gelati Monastery|Gelati; gg 3 the towers of Upper Svaneti|Svaneti; ba 3 the Dilmun Burial Mounds|Dilmun
ir 1 the ruins of Persepolis|Persepolis; ir 2 Pasargadae, the city of Cyrus the Great|Pasargadae
ir 3 the ziggurat of Chogha Zanbil|Tchogha Zanbil; ir 3 the mud-brick citadel of Bam|Bam
ir 3 the Golestan Palace|Golestan
is 2 the fortress of Masada|Masada; is 3 the Old City of Acre|Acre; iz 1 the ruins of Babylon|Babylon
iz 3 the ancient city of Hatra|Hatra; iz 3 the spiral minaret of Samarra|Samarra
jo 1 the rock city of Petra|Petra; jo 3 the desert castle of Quseir Amra|Quseir Amra
le 2 the temples of Baalbek|Baalbek; le 2 the ancient port of Byblos|Byblos; mu 3 Bahla Fort|Bahla
sa 2 the rock tombs of Hegra|Hegra; sa 3 the old city of Jeddah|Jeddah; sy 2 the ruins of Palmyra|Palmyra
sy 2 the Crac des Chevaliers|Crac des Chevaliers; qa 3 the trading town of Al Zubarah|Al Zubarah
tu 1 the ruins of Troy|Troy; tu 2 the ancient city of Ephesus|Ephesus
tu 2 the stone circles of Göbekli Tepe|Göbekli Tepe; tu 2 the rock houses of Cappadocia|Cappadocia
tu 3 the stone heads of Nemrut Dağ|Nemrut; tu 3 the Neolithic town of Çatalhöyük|Çatalhöyük
tu 2 the white terraces of Pamukkale|Pamukkale; ym 3 the mud-brick towers of Shibam|Shibam
ca 2 L'Anse aux Meadows, a Viking settlement|L'Anse aux Meadows; ca 3 Head-Smashed-In Buffalo Jump|Head-Smashed-In
ca 3 the old town of Lunenburg|Lunenburg
mx 1 the Maya city of Chichén Itzá|Chichen-Itza; mx 2 the pyramids of Teotihuacan|Teotihuacan
mx 2 the Maya city of Palenque|Palenque; mx 3 the Maya city of Uxmal|Uxmal; mx 3 Monte Albán|Monte Albán
us 1 the Statue of Liberty|Statue of Liberty; us 1 Independence Hall|Independence Hall
us 3 the Cahokia Mounds|Cahokia; us 3 Taos Pueblo|Taos Pueblo; us 2 the cliff dwellings of Mesa Verde|Mesa Verde
ar 3 the painted hands of Cueva de las Manos|Cueva de las Manos; bl 2 the silver-mining city of Potosí|Potosi
bl 3 the ruins of Tiwanaku|Tiahuanacu
br 3 the colonial town of Ouro Preto|Ouro Preto; ci 1 Rapa Nui, also called Easter Island|Rapa Nui
ci 3 the wooden churches of Chiloé|Chiloe; ci 3 the copper-mining town of Sewell|Sewell
co 2 the colonial port of Cartagena|Cartagena; co 3 the stone statues of San Agustín|San Agustín
pe 1 the Inca city of Machu Picchu|Machu Picchu; pe 1 the Nazca Lines|Nazca
pe 2 the old Inca capital of Cuzco|Cuzco; pe 2 the adobe city of Chan Chan|Chan Chan
pe 3 the pyramids of Caral|Caral
uy 3 the old town of Colonia del Sacramento|Colonia del Sacramento
uy 3 the meat-packing works of Fray Bentos|Fray Bentos; ve 3 the colonial town of Coro|Coro
af 2 the niches of the Bamiyan Buddhas|Buddhas of Bamyan; af 3 the Minaret of Jam|Minaret of Jam
bg 3 the mosque city of Bagerhat|Bagerhat; ce 2 the rock fortress of Sigiriya|Sigiriya
ce 2 the Sacred City of Kandy|Kandy; ce 3 the ancient city of Polonnaruwa|Polonnaruwa
ce 3 the old town of Galle|Galle
in 1 the Taj Mahal|Taj Mahal; in 2 Agra Fort|Agra Fort; in 3 the Sun Temple of Konark|Konârak
in 3 the monuments of Mahabalipuram|Mahabalipuram; in 2 the Elephanta Caves|Elphanta Caves
in 3 the Qutb Minar|Qutb Minar; in 2 the Mahabodhi Temple, where the Buddha found enlightenment|Mahabodhi Temple
np 2 Lumbini, birthplace of the Buddha|Lumbini; pk 2 the ruins of Mohenjo-daro|Moenjodaro
pk 3 the ruins of Taxila|Taxila; pk 3 Rohtas Fort|Rohtas Fort
ha 3 the Citadel and the palace of Sans Souci|Citadel, Sans Souci
"""
PARKS = """
bc 2 the Okavango Delta|Okavango Delta; cg 2 Virunga National Park|Virunga; cg 3 the Okapi Wildlife Reserve|Okapi
ma 2 the stone forest of Tsingy de Bemaraha|Tsingy de Bemaraha; rw 3 the forest of Nyungwe|Nyungwe
se 2 Aldabra Atoll; se 3 the Vallée de Mai|Vallée de Mai; sf 3 the iSimangaliso Wetland Park
sf 3 the Vredefort Dome, the scar of a meteorite|Vredefort
tz 1 Serengeti National Park|Serengeti; tz 1 the Ngorongoro Crater|Ngorongoro
ug 2 the Bwindi Impenetrable Forest|Bwindi Impenetrable; wa 2 the Namib Sand Sea|Namib Sand Sea
zi 3 Mana Pools National Park|Mana Pools; et 3 the Simien Mountains|Simien; cd 3 the Lakes of Ounianga|Ounianga
iv 3 Comoé National Park|Comoé; mr 3 the Banc d'Arguin|Banc d'Arguin
as 1 the Great Barrier Reef|Great Barrier Reef; as 1 the rock of Uluru|Uluṟu; as 2 Kakadu National Park|Kakadu
as 3 Shark Bay|Shark Bay; nz 2 Tongariro National Park|Tongariro; kr 3 the Phoenix Islands|Phoenix Islands
ps 3 the Rock Islands Southern Lagoon; st 3 the volcanic spires called the Pitons|Pitons
ho 3 the Río Plátano reserve|Río Plátano; pm 3 Coiba National Park|Coiba; cs 2 Cocos Island|Cocos Island
id 1 Komodo National Park, home of the dragons|Komodo; id 3 Ujung Kulon National Park|Ujung Kulon
my 2 Gunung Mulu National Park|Mulu; rp 2 the Tubbataha Reefs|Tubbataha
rp 3 the underground river of Puerto Princesa|Puerto-Princesa; vm 1 Ha Long Bay|Ha Long Bay
vm 2 the caves of Phong Nha-Ke Bang|Phong Nha
ch 3 the pools of Jiuzhaigou Valley|Jiuzhaigou; ch 2 the peaks of Huangshan|Huangshan
ch 3 the Wulingyuan area|Wulingyuan; ja 3 the cedar island of Yakushima|Yakushima
ja 3 the Shiretoko peninsula|Shiretoko; ks 2 the volcanic island of Jeju|Jeju
rs 2 the volcanoes of Kamchatka|Kamchatka; rs 3 the Lena Pillars|Lena Pillars; bu 3 Pirin National Park|Pirin
hr 2 the Plitvice Lakes|Plitvice; ic 2 the young volcanic island of Surtsey|Surtsey
mj 3 Durmitor National Park|Durmitor; po 2 the laurel forest of Madeira|Laurisilva; si 2 the Škocjan Caves|Škocjan
sp 3 Doñana National Park|Doñana; uk 1 the Giant's Causeway|Giant's Causeway
uk 3 the islands of St Kilda|St Kilda; no 2 the Geirangerfjord|Geirangerfjord
ym 2 the Socotra archipelago, home of the dragon's blood tree|Socotra; jo 2 the desert of Wadi Rum|Wadi Rum
ir 3 the Lut Desert|Lut Desert; it 2 the Aeolian Islands|Isole Eolie
ca 2 Dinosaur Provincial Park|Dinosaur; ca 3 Gros Morne National Park|Gros Morne
ca 3 Wood Buffalo National Park|Wood Buffalo; us 1 Yellowstone National Park|Yellowstone
us 1 the Grand Canyon|Grand Canyon; us 2 Yosemite National Park|Yosemite; us 2 the Everglades|Everglades
us 3 Mammoth Cave|Mammoth Cave; us 3 Carlsbad Caverns|Carlsbad
mx 2 the Monarch Butterfly Biosphere Reserve|Monarch Butterfly
ar 2 Los Glaciares National Park|Los Glaciares; ar 3 the Valdés Peninsula|Valdés
br 2 the Pantanal Conservation Area|Pantanal; br 3 the white dunes of Lençóis Maranhenses|Lençóis Maranhenses
co 3 the island of Malpelo|Malpelo; ec 1 the Galápagos Islands|Galápagos; ec 3 Sangay National Park|Sangay
pe 3 Manú National Park|Manú; ve 2 Canaima National Park, with the tallest waterfall|Canaima
ce 3 the Sinharaja Forest|Sinharaja; in 2 Kaziranga National Park, home of the one-horned rhinoceros|Kaziranga
in 3 the Valley of Flowers|Valley of Flowers; np 1 Sagarmatha National Park, around Mount Everest|Sagarmatha
np 3 Chitwan National Park|Chitwan
"""

# Names by which British readers and the IUPAC call an element that the data name otherwise.
ELEMENT_NAMES = {"Al": "aluminium", "Cs": "caesium", "S": "sulphur"}

KNOWN_ELEMENTS = "H He Li C N O F Ne Na Mg Al Si P S Cl K Ca Ti Fe Ni Cu Zn Ag Sn I Pt Au Hg Pb U Pu Ra"
LESS_KNOWN_ELEMENTS = """
Be B Ar Cr Mn Co As Br Kr Xe Cs Ba W Bi Rn Th Ga Ge Se Rb Sr Pd Cd Sb Po Es Cm Am Np V Fr Nb In
"""

# What an element is named after, or the word that its name comes from: symbol, language or "after", meaning|found.
ELEMENT_ORIGINS = """
He Greek the Sun|sun; Li Greek stone|stone; O Greek acid former|acid former; Ne Greek new|new
Ar Greek inactive|inactive; Kr Greek hidden|hidden
Xe Greek strange|strange; Cl Greek greenish yellow|greenish yellow; Br Greek stench|stench; I Greek violet|violet
P Greek bringer of light|bringer of light; Si Latin flint|flint
C Latin charcoal|charcoal; Ca Latin lime|lime; Cr Greek colour|color; Co German goblin|goblin; Mo Greek lead|lead
Rh Greek rose|rose; Os Greek smell|odor; Ir Latin rainbow|rainbow
Pt Spanish little silver|little silver; Rb Latin deep red|deep red; Cs Latin sky blue|sky blue
Tl Greek green twig|green twig; Ba Greek heavy|heavy
Pr Greek green twin|green twin; Nd Greek new twin|new twin; Dy Greek hard to get at|hard to get at
Tc Greek artificial|artificial; At Greek unstable|unstable; Ra Latin ray|ray
W Swedish heavy stone|heavy stone; F Latin flow|flow; Sb Greek not alone|not alone; Se Greek Moon|moon
Te Latin Earth|earth; Al Latin alum|alum
U after the planet Uranus|Uranus; Np after the planet Neptune|Neptune; Pu after the dwarf planet Pluto|Pluto
Ce after the dwarf planet Ceres|Ceres; Pd after the asteroid Pallas|Pallas
Hg after a Roman god|Roman god; Th after the Norse god of thunder|Thor; V after a Scandinavian goddess|Vanadis
Nb after Niobe, a daughter of Tantalus|Niobe; Ta after King Tantalus of Greek myth|Tantalus
Pm after the Titan who stole fire from the gods|Prometheus
Ti after the Titans of Greek myth|Titans; Po after the homeland of Marie Curie|Poland
Fr after the homeland of its discoverer, Marguerite Perey|France; Ge after Germany|Germany
Am after the continent where it was first made|American continent; Eu after a continent|continent of Europe
Nh after Japan|Japan; Ru after the Latin name of Russia|Russia; Cu after Cyprus|Cyprus
Mg after a district of Thessaly in Greece|Thessaly; Sr after a Scottish village|Scottish
Sc after Scandinavia|Scandinavia; Tm after Thule, a legendary land of the far north|Thule
Y after the Swedish village of Ytterby|Ytterby; Yb after the Swedish village of Ytterby|Ytterby
Er after the Swedish village of Ytterby|Ytterby; Tb after the Swedish village of Ytterby|Ytterby
Ho after Stockholm|Stockholm; Hf after Copenhagen|Copenhagen; Lu after Paris|Paris; Re after the river Rhine|Rhine
Bk after the Californian city where it was first made|Berkeley
Cf after a state on the Pacific coast of the United States|state and University
Ts after the US state of which Nashville is the capital|Tennessee
Db after a Russian town of nuclear research|Dubna; Ds after a German city of heavy-ion research|Darmstadt
Mc after the region around the Russian capital|Moscov
Cm after Pierre and Marie Curie|Curie; Es after the author of the theory of relativity|Einstein
Fm after the builder of the first nuclear reactor|Fermi; Md after the author of the periodic table|periodic table
No after the founder of a famous set of prizes|Nobel; Lr after the inventor of the cyclotron|cyclotron
Rf after the discoverer of the atomic nucleus|Ernest Rutherford
Sg after an American chemist who was still alive|Seaborg
Bh after the Danish physicist who put electrons into shells|Niels Bohr
Mt after a woman who helped to discover nuclear fission|Lise; Rg after the discoverer of X-rays|Roentgen
Cn after the astronomer who put the Sun at the centre|Copernicus
Og after the physicist Yuri, who led the search for superheavy elements|Yuri Oganessian
Lv after a laboratory in California|Livermore; Gd after a mineral that honours a Finnish chemist|gadolinite
Sm after a mineral that honours a Russian mining engineer|samarskite
In Latin indigo|indigo
"""

# Symbols that come from another name than the English one.
SYMBOL_ORIGINS = """
Na natrium, its Latin name|natrium; K kalium, its Latin name|kalium; Fe ferrum, the Latin for iron|ferrum
Cu cuprum, the Latin for copper|cuprum; Ag argentum, the Latin for silver|argent
Sn stannum, the Latin for tin|stannum; W wolfram, its German name|wolfram; Au aurum, the Latin for gold|aurum
Hg hydrargyrum, or liquid silver|hydrargyr; Pb plumbum, the Latin for lead|plumbum
Sb stibium, after the mineral stibnite|stibnite
"""
