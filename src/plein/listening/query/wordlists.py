"""Words about which the language has an opinion. Lists as data, written by hand."""

from __future__ import annotations

# Words that stand in so many posts that they say nothing about any subject.
COMMON = frozenset(
    "aan als bij daar dan dat den der des deze die dit door een eens geen had heb hebben heeft hem het hier hij "
    "hoe hun iets kan maar meer men met mij mijn naar niet nog ons ook over reeds rond tot uit van veel voor want "
    "waren was wat werd wezen wie wij wil worden wordt zal zeg zich zijn zonder zou the and for are but not you "
    "all any can her was one our out has him his how its may new now old see two who did get".split()
)

# First names that many people in the Netherlands carry, of all ages and from several languages.
FIRST_NAMES = frozenset(
    "jan piet kees henk gerrit hans peter johan willem hendrik cornelis klaas dirk theo wim ton frans harry rob ronald "
    "marcel erik eric patrick martijn michiel jeroen bart bas tim tom thomas daan sem lucas luuk lars niels sander "
    "stefan dennis kevin mike rick ruben jasper joost maarten pieter paul jos arjan edwin gert geert jaap joop sjaak "
    "adriaan anton bert bram finn levi noah jesse milan sven wouter koen wesley danny jordy gijs teun thijs floris "
    "maria anna johanna elisabeth cornelia catharina annie ria truus riet corrie ans tineke marijke ingrid monique "
    "petra yvonne esther sandra linda saskia mirjam marieke marloes annemarie anneke joke wilma ellen karin carla "
    "astrid brigitte debbie kim laura lisa lotte sanne femke eva julia emma sophie fleur iris anouk manon naomi tess "
    "nina sara sarah noor saar evi fenna lieke maud roos willemijn judith hanneke margriet jolanda angelique bianca "
    "mohammed mohamed ahmed ali hassan mustafa mehmet ibrahim youssef yusuf omar bilal hamza karim said abdel "
    "fatima aisha khadija zeynep emine elif ayse samira nadia layla yasmin meryem "
    "mark marc marco robert richard rene andre gerard herman hugo frank frits arie koos leo leon louis nico max michael "
    "david simon vincent victor ruud sjoerd stijn steven roel rik robin olaf pascal maurice wilco wilfred yannick alex "
    "alexander albert arnold ben boudewijn chris felix guus hein ivo jelle jeffrey johannes joep jurgen oscar sebastiaan "
    "charlotte claudia daphne eline els ellie elly eveline gerda hanna heleen hilde ilse inge irene jacqueline janneke "
    "jeanette jessica joyce karen kirsten lianne liesbeth louise maaike marian marianne marit marjan marjolein martine "
    "melissa merel michelle miranda nancy nathalie nicole nienke patricia paula pauline rianne renate renske sabine "
    "sharon simone stephanie suzanne sylvia tamara tessa thea trudy vera wendy yara "
    "piotr andrzej krzysztof tomasz agnieszka katarzyna malgorzata oleksandr olena".split()
)
# Before a name: who is called so is a person.
TITLES = frozenset(
    "burgemeester wethouder gemeentesecretaris griffier raadslid minister staatssecretaris premier gedeputeerde "
    "meneer mijnheer mevrouw dhr mevr mw juf juffrouw dokter dominee pastoor agent boa".split()
)
# What may stand between a first name and a surname.
BETWEEN = frozenset("de den der van von ter ten te het 't in op el al bin ben la le du d' aan v d vd".split())
# How many Dutch, Frisian, Turkish and Polish surnames end.
SURNAME_ENDINGS = (
    "sen", "stra", "sma", "inga", "enga", "ema", "mans", "ink", "oglu", "ski", "ska", "wicz",
)  # fmt: skip
SURNAMES = frozenset(
    "jansen janssen bakker visser smit smits meijer meyer mulder bos vos peters hendriks dekker brouwer dijkstra smeets "
    "kok jacobs vermeulen schouten willems hoekstra kuipers verhoeven postma koster prins huisman peeters kuiper "
    "veenstra kramer wolters timmermans yilmaz kaya demir nguyen singh khan".split()
)
# After these it is a saint, a king or somebody else who gave a name to a street.
BEFORE_STREET_NAMES = frozenset("sint st heilige koning koningin prins prinses keizer keizerin graaf".split())
# What a street, a school or a building that carries a name ends in.
THINGS = (
    "straat", "laan", "weg", "plein", "kade", "dijk", "pad", "hof", "park", "brug", "tunnel", "singel", "gracht",
    "steeg", "dreef", "markt", "haven", "sluis", "school", "college", "lyceum", "kerk", "kapel", "huis", "hal",
    "bibliotheek", "museum", "ziekenhuis", "molen", "toren", "fonds", "prijs", "loop", "toernooi", "festival",
)  # fmt: skip
