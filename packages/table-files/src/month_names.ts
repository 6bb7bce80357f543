/** English, German, French, Spanish, Italian, Dutch, Portuguese, Polish, Turkish, and what Scandinavian languages write differently. */
const MONTHS = [
  "january januar janner janvier styczen stycznia enero gennaio januari janeiro ocak",
  "february februar feber fevrier febrero febbraio februari luty lutego fevereiro subat",
  "march marz maerz mars marzo maart marco marts marzec marca mrt mrz mart",
  "april avril abril aprile kwiecien kwietnia nisan",
  "may mai mayo maggio mei maio maj maja mayıs",
  "june juni juin junio giugno junho czerwiec czerwca haziran",
  "july juli juillet julio luglio julho lipiec lipca temmuz",
  "august aout agosto augustus augusti sierpien sierpnia agustos",
  "september septembre septiembre settembre setiembre setembro wrzesien wrzesnia eylul",
  "october oktober octobre octubre ottobre outubro pazdziernik pazdziernika ekim",
  "november novembre noviembre novembro listopad listopada kasım",
  "december dezember decembre diciembre dicembre dezembro desember grudzien grudnia aralık",
];

const WEEKDAYS =
  "monday tuesday wednesday thursday friday saturday sunday " +
  "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag " +
  "lundi mardi mercredi jeudi vendredi samedi dimanche " +
  "lunes martes miercoles jueves viernes sabado domingo " +
  "lunedi martedi mercoledi giovedi venerdi sabato domenica " +
  "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag";

/** Words that stand between or after the parts of a date and mean nothing: 18th, 1er, um, à las, at, Uhr. */
const FILLERS = new Set(
  "t st nd rd th er e o at on um a alle ore om uur uhr de del di den der le el las los as of kl klo h hs hrs".split(
    " ",
  ),
);

const monthOfWord = new Map<string, number>();
const ambiguous = new Set<string>();
for (const [index, names] of MONTHS.entries()) {
  for (const name of names.split(" ")) {
    for (let length = 3; length <= name.length; length += 1) {
      const start = name.slice(0, length);
      const known = monthOfWord.get(start);
      if (known !== undefined && known !== index + 1) ambiguous.add(start);
      monthOfWord.set(start, index + 1);
    }
  }
}
// "jui" is June and July in French.
for (const start of ambiguous) monthOfWord.delete(start);

const weekdayWords = new Set<string>();
for (const name of WEEKDAYS.split(" ")) {
  for (let length = 2; length <= name.length; length += 1) weekdayWords.add(name.slice(0, length));
}

/** Plain words by word as written; a column has few, and a hostile one must not fill the memory. */
const plainWords = new Map<string, string>();
const MAX_WORDS = 1000;

/** In small letters and without accents: "Févr" is "fevr". */
export function plainWord(word: string): string {
  const known = plainWords.get(word);
  if (known !== undefined) return known;
  const plain = word
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "");
  if (plainWords.size < MAX_WORDS) plainWords.set(word, plain);
  return plain;
}

/** @param word plain; a name of a month or its beginning, three letters or more
 *  @returns 1 to 12; undefined where it is none, or that of two months */
export function monthOf(word: string): number | undefined {
  return monthOfWord.get(word);
}

/** @param word plain; a day of the week or its beginning */
export function isWeekday(word: string): boolean {
  return weekdayWords.has(word);
}

/** @param word plain */
export function isFiller(word: string): boolean {
  return FILLERS.has(word);
}

/** @param word plain; of a date, and so no name of a zone */
export function isDateWord(word: string): boolean {
  return monthOf(word) !== undefined || isWeekday(word) || isFiller(word);
}
