import { expect, test } from "@jest/globals";
import { formatDecimal } from "@keyspaces-segmentation/common";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import {
  currencyIn,
  dateReader,
  detectDates,
  detectNumbers,
  isOpen,
  looksLikeDate,
  looksLikeNumber,
  numberReader,
} from "@keyspaces-segmentation/table-files";

const TRIALS = 400;

/** Numbers of a moment as writers use them. */
interface Fields {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const two = (number: number): string => String(number).padStart(2, "0");
const half = (hour: number): string => (hour < 12 ? "AM" : "PM");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MOIS = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];

const DATES: { readonly [name: string]: (fields: Fields) => string } = {
  "d/m/y": ({ day, month, year }) => `${day}/${month}/${year}`,
  "dd-mm-yyyy": ({ day, month, year }) => `${two(day)}-${two(month)}-${year}`,
  "dd.mm.yyyy": ({ day, month, year }) => `${two(day)}.${two(month)}.${year}`,
  "d. m. yyyy": ({ day, month, year }) => `${day}. ${month}. ${year}`,
  "dd/mm/yy": ({ day, month, year }) => `${two(day)}/${two(month)}/${two(year % 100)}`,
  "dd-mm-yy": ({ day, month, year }) => `${two(day)}-${two(month)}-${two(year % 100)}`,
  "m/d/yyyy": ({ day, month, year }) => `${month}/${day}/${year}`,
  "mm-dd-yyyy": ({ day, month, year }) => `${two(month)}-${two(day)}-${year}`,
  "m/d/yy": ({ day, month, year }) => `${month}/${day}/${two(year % 100)}`,
  "yyyy-mm-dd": ({ day, month, year }) => `${year}-${two(month)}-${two(day)}`,
  "yyyy/m/d": ({ day, month, year }) => `${year}/${month}/${day}`,
  "yy-mm-dd": ({ day, month, year }) => `${two(year % 100)}-${two(month)}-${two(day)}`,
  yyyymmdd: ({ day, month, year }) => `${year}${two(month)}${two(day)}`,
  ddmmyyyy: ({ day, month, year }) => `${two(day)}${two(month)}${year}`,
  "dd-Mmm-yyyy": ({ day, month, year }) => `${day}-${MONTHS[month - 1]}-${year}`,
  "dd-Mmm-yy": ({ day, month, year }) => `${two(day)}-${MONTHS[month - 1]}-${two(year % 100)}`,
  "Mmm d, yyyy": ({ day, month, year }) => `${MONTHS[month - 1]} ${day}, ${year}`,
  French: ({ day, month, year }) => `${day} ${MOIS[month - 1]} ${year}`,
};

const TIMES: { readonly [name: string]: (fields: Fields) => string } = {
  none: () => "",
  "h:mm": ({ hour, minute }) => ` ${hour}:${two(minute)}`,
  "hh:mm:ss": ({ hour, minute }) => ` ${two(hour)}:${two(minute)}:00`,
  "after T": ({ hour, minute }) => `T${two(hour)}:${two(minute)}`,
  "after a comma": ({ hour, minute }) => `, ${two(hour)}:${two(minute)}:00`,
  "hh.mm": ({ hour, minute }) => ` ${two(hour)}.${two(minute)}`,
  "h:mm AM": ({ hour, minute }) => ` ${hour % 12 || 12}:${two(minute)} ${half(hour)}`,
  "hh:mmAM": ({ hour, minute }) => ` ${two(hour % 12 || 12)}:${two(minute)}${half(hour)}`,
  "hh:mm AM of both clocks": ({ hour, minute }) => ` ${two(hour)}:${two(minute)} ${half(hour)}`,
  "hh:mmZ": ({ hour, minute }) => ` ${two(hour)}:${two(minute)}Z`,
  "hh:mm +0000": ({ hour, minute }) => ` ${two(hour)}:${two(minute)} +0000`,
};

const combinations = Object.keys(DATES).flatMap((date) => Object.keys(TIMES).map((time) => [date, time] as const));

test.each(combinations)("a column of %s, time %s, is read as it was written or asked about", (date, time) => {
  const random = seededRandom(combinations.findIndex(([d, t]) => d === date && t === time));
  const below = (limit: number) => Math.floor(random() * limit);
  for (let trial = 0; trial < TRIALS / 20; trial += 1) {
    const firstYear = 1995 + below(30);
    const moments = Array.from({ length: 1 + below(60) }, () => {
      const start = Date.UTC(firstYear, 0, 1);
      return new Date(Math.floor((start + random() * 730 * 86_400_000) / 60_000) * 60_000);
    });
    const texts = moments.map((moment) => {
      const fields: Fields = {
        year: moment.getUTCFullYear(),
        month: moment.getUTCMonth() + 1,
        day: moment.getUTCDate(),
        hour: moment.getUTCHours(),
        minute: moment.getUTCMinutes(),
      };
      return DATES[date]!(fields) + TIMES[time]!(fields);
    });
    const found = detectDates(texts, {});
    if (isOpen(found)) {
      expect(found.parameter).toBe("dateOrder");
      expect(found.choices.length).toBeGreaterThan(1);
      continue;
    }
    const read = dateReader(found.value);
    const length = time === "none" ? 10 : 16;
    const wrong = texts.filter((text, i) => {
      const is = read(text)?.toISOString().slice(0, length);
      return is !== moments[i]!.toISOString().slice(0, length);
    });
    expect(wrong).toEqual([]);
  }
});

const SIGNS: readonly (readonly [decimal: string, thousands: string])[] = [
  [".", ""],
  [".", ","],
  [".", " "],
  [".", "'"],
  [",", ""],
  [",", "."],
  [",", "\u202f"],
  [",", "'"],
];

const NEGATIVES: readonly ((digits: string) => string)[] = [
  (digits) => `-${digits}`,
  (digits) => `${digits}-`,
  (digits) => `(${digits})`,
  (digits) => `−${digits}`,
];

const AROUND: readonly ((digits: string) => string)[] = [
  (digits) => digits,
  (digits) => `£${digits}`,
  (digits) => `${digits}\u00a0€`,
  (digits) => `CHF ${digits}`,
  (digits) => `${digits} kg`,
];

test.each(SIGNS)(
  "numbers with decimal %j, thousands %j are read as they were written or asked about",
  (decimal, group) => {
    const random = seededRandom(decimal.charCodeAt(0) * 1000 + group.length);
    const below = (limit: number) => Math.floor(random() * limit);
    for (let trial = 0; trial < TRIALS; trial += 1) {
      const negative = NEGATIVES[below(NEGATIVES.length)]!;
      const around = AROUND[below(AROUND.length)]!;
      const scales = [0, 2, 3, -1][below(4)]!;
      const written = Array.from({ length: 1 + below(12) }, () => {
        const scale = scales < 0 ? below(5) : scales;
        const digits = String(below(10 ** (1 + below(9)))).padStart(scale + 1, "0");
        const whole = digits.slice(0, digits.length - scale);
        const fraction = digits.slice(digits.length - scale);
        const isNegative = below(3) === 0 && /[1-9]/.test(digits);
        const text = whole.replace(/\B(?=(?:\d{3})+$)/g, group) + (scale === 0 ? "" : decimal + fraction);
        const number = whole + (scale === 0 ? "" : `.${fraction}`);
        return { text: around(isNegative ? negative(text) : text), number: isNegative ? `-${number}` : number };
      });
      const found = detectNumbers({ price: written.map(({ text }) => text) }, {});
      if (isOpen(found)) {
        expect(found.choices.map(({ value }) => value)).toEqual(["point", "comma"]);
        continue;
      }
      const read = numberReader(found.price.value);
      const wrong = written.filter(({ text, number }) => {
        const is = read(text);
        return is === undefined || formatDecimal(is) !== number;
      });
      expect(wrong).toEqual([]);
    }
  },
);

test("whatever the text, nothing fails and nothing takes long", () => {
  const random = seededRandom(15);
  const alphabet = "0123456789.,'’-–+/():; \u00a0\u202f€$£eETZaApPmMhkrJanMär\u0000٣１😀";
  for (let trial = 0; trial < 5000; trial += 1) {
    const length = 1 + Math.floor(random() * 24);
    const text = Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
    const dates = detectDates([text], {});
    if (!isOpen(dates)) expect(Number.isNaN(dateReader(dates.value)(text)?.getTime() ?? 0)).toBe(false);
    const numbers = detectNumbers({ price: [text] }, {});
    if (!isOpen(numbers)) numberReader(numbers.price.value)(text);
    looksLikeDate(text);
    looksLikeNumber(text);
    currencyIn([text]);
  }
  for (const part of ["1", ",000", " ", "-", "Jan ", "(", "1/", "\u200e"]) {
    const long = part.repeat(1_000_000);
    expect([looksLikeDate(long), looksLikeNumber(long)]).toEqual([false, false]);
  }
});
