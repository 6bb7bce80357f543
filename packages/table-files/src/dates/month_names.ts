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

/**
 * Bulgarian, Catalan, Czech, Estonian, Finnish, Greek, Hungarian, Indonesian, Lithuanian, Malay, Romanian, Russian, Slovak, Slovene and
 * Ukrainian, in the forms of dates too. Their beginnings count where they begin no name above. Croatian is left out: its listopad is October.
 */
const FURTHER_MONTHS = [
  "gener leden ledna jaanuar tammikuu tammikuuta ianuarie sausis sausio januara januarja январь января січень січня януари ιανουαριος ιανουαριου",
  "febrer unor unora veebruar helmikuu helmikuuta februarie vasaris vasario februara februarja февраль февраля лютий лютого февруари φεβρουαριος φεβρουαριου",
  "marc brezen brezna marts maaliskuu maaliskuuta marcius martie kovas kovo maret mac marec март марта березень березня μαρτιος μαρτιου",
  "duben dubna aprill huhtikuu huhtikuuta aprilis aprilie balandis balandzio aprila апрель апреля квітень квітня април απριλιος απριλιου",
  "maig kveten kvetna toukokuu toukokuuta majus geguze geguzes mei maja май мая травень травня μαιος μαιου",
  "juny cerven cervna juuni kesakuu kesakuuta junius iunie birzelis birzelio jun juna junij junija июнь июня червень червня юни ιουνιος ιουνιου",
  "juliol cervenec cervence juuli heinakuu heinakuuta julius iulie liepa liepos julai jul jula julij julija июль июля липень липня юли ιουλιος ιουλιου",
  "agost srpen srpna elokuu elokuuta augusztus rugpjutis rugpjucio agustus ogos augusta avgust avgusta август августа серпень серпня αυγουστος αυγουστου",
  "setembre zari syyskuu syyskuuta szeptember septembrie rugsejis rugsejo septembra сентябрь сентября вересень вересня септември σεπτεμβριος σεπτεμβριου",
  "octubre rijen rijna oktoober lokakuu lokakuuta octombrie spalis spalio oktobra октябрь октября жовтень жовтня октомври οκτωβριος οκτωβριου",
  "novembre listopadu marraskuu marraskuuta noiembrie lapkritis lapkricio novembra ноябрь ноября листопад листопада ноември νοεμβριος νοεμβριου",
  "desembre prosinec prosince detsember joulukuu joulukuuta decembrie gruodis gruodzio disember decembra декабрь декабря грудень грудня декември δεκεμβριος δεκεμβριου",
];

const WEEKDAYS =
  "monday tuesday wednesday thursday friday saturday sunday " +
  "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag " +
  "lundi mardi mercredi jeudi vendredi samedi dimanche " +
  "lunes martes miercoles jueves viernes sabado domingo " +
  "lunedi martedi mercoledi giovedi venerdi sabato domenica " +
  "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag " +
  "segunda terca quarta quinta sexta feira понедельник вторник среда четверг пятница суббота воскресенье " +
  "poniedziałek wtorek sroda czwartek piatek sobota niedziela " +
  "mandag tirsdag tisdag onsdag torsdag fredag lordag lørdag sondag søndag";

/** Words that stand between or after the parts of a date and mean nothing: 18th, 1er, um, à las, at, Uhr. */
const FILLERS = new Set(
  "t st nd rd th er e o at on um a alle ore om uur uhr de del di den der le el las los as of kl klo h hs hrs d m г р".split(
    " ",
  ),
);

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

/** Of the beginning of names of several months. */
const NONE = -1;

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

const further = new Map<string, number>();
for (const [index, names] of FURTHER_MONTHS.entries()) {
  for (const name of names.split(" ").map(plainWord)) {
    for (let length = 3; length < name.length; length += 1) {
      const start = name.slice(0, length);
      further.set(start, further.has(start) && further.get(start) !== index ? NONE : index);
    }
  }
}
// July in Croatian, June and October too: none of these in any other month.
const CROATIAN = /^(?:srp|lip|lis)/;
for (const [start, index] of further) {
  if (index !== NONE && !CROATIAN.test(start) && !monthOfWord.has(start) && !ambiguous.has(start))
    monthOfWord.set(start, index + 1);
}
for (const [index, names] of FURTHER_MONTHS.entries()) {
  for (const name of names.split(" ")) monthOfWord.set(plainWord(name), index + 1);
}

const weekdayWords = new Set<string>();
for (const name of WEEKDAYS.split(" ")) {
  for (let length = 2; length <= name.length; length += 1) weekdayWords.add(name.slice(0, length));
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
