/** Words for what is counted one by one, singular and plural, which change nothing. A dozen is none of them. */
const PIECES =
  "pc pcs pce pces piece pieces unit units ea each st stk stck stück stücke stueck stuecke stuck stucke einheit einheiten szt sztuk sztuki ks kpl no nos nr x qty item items count ct cnt " +
  "pz pza pzs pzas pezzo pezzi pieza piezas ud uds un und unid unidad unidades uni unite unites unité unités pièce pièces adet ad db tk vnt buc kom kos kus kusy " +
  "copy copies ex exemplar exemplare seat seats licence licences license licenses ticket tickets tab tabs " +
  "stuk stuks styck stykk шт бр 個 件 点 本 枚 个 개";

/** Measures with the ways in which they are written. A word that multiplies (k, Mio.) or turns the sign (Cr, Dr, Haben) is none. */
const MEASURES: Readonly<Record<string, string>> = {
  kg: "kg kgs kilo kilos kilogram kilograms",
  g: "g gr gm gms gram grams gramm",
  mg: "mg",
  lb: "lb lbs pound pounds",
  oz: "oz",
  l: "l lt ltr ltrs liter litre liters litres",
  ml: "ml",
  cl: "cl",
  dl: "dl",
  m: "m mtr mtrs meter metre meters metres",
  cm: "cm",
  mm: "mm",
  m2: "m2 m² qm sqm",
  m3: "m3 m³ cbm",
  ft: "feet",
  yd: "yd yds yard yards",
  in: "in inch inches",
  t: "to ton tons tonne tonnes",
  h: "hr hrs hour hours std stunde stunden",
  day: "day days",
  pack: "pk pack packs pkt pkts pck packet packets pkg packung packungen",
  box: "box boxes bx karton kartons carton cartons ctn ctns case cases cs kiste kisten",
  bottle: "fl bottle bottles btl btls flasche flaschen",
  pair: "pair pairs pr prs paar paare",
  set: "set sets",
  bag: "bag bags sack",
  roll: "roll rolls rolle rollen rl",
  sheet: "sheet sheets",
  bunch: "bunch bunches bund",
  can: "can cans dose dosen",
  dozen: "dozen dozens doz dz dzn dutzend",
};

const measures = new Map<string, string>();
for (const word of PIECES.split(" ")) measures.set(word, "");
for (const [measure, words] of Object.entries(MEASURES))
  for (const word of words.split(" ")) measures.set(word, measure);

/** The measure that a word in small letters is: "" for pieces; undefined for none. */
export const measureOf = (word: string): string | undefined => measures.get(word);

/** Measures of the same, of which a price can be for one only. */
const OF_THE_SAME: readonly (readonly string[])[] = [
  ["kg", "g", "mg", "lb", "oz", "t"],
  ["l", "ml", "cl", "dl"],
  ["m", "cm", "mm", "ft", "yd", "in"],
  ["h", "day"],
  ["", "dozen"],
];

/** Whether no two of some measures are of the same, as kilograms and grams are: then each price can be for one of its own. */
export const areApart = (units: readonly string[]): boolean =>
  OF_THE_SAME.every((group) => units.filter((unit) => group.includes(unit)).length <= 1);
