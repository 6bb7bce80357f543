import type { Chance } from "./chance.js";

/** An article of the invented gift shop. */
export interface Product {
  readonly stockCode: string;
  readonly description: string;
  /** Of one piece, in pence. */
  readonly pence: number;
}

const COLOURS = ["AMBER", "CREAM", "FOREST", "INDIGO", "LILAC", "MUSTARD", "OLIVE", "PEACH", "RUBY", "TEAL"];
const MOTIFS = ["ACORN", "BADGER", "COMET", "FERN", "HARBOUR", "KINGFISHER", "LANTERN", "MEADOW", "OTTER", "TULIP"];
const ARTICLES = [
  "APRON",
  "BREAD BIN",
  "BISCUIT TIN",
  "CAFÉ CUP",
  "CANDLE, SCENTED",
  "COASTERS, SET OF 4",
  "CUSHION COVER",
  "DOORSTOP",
  "EGG CUP",
  "GIFT TAGS",
  'FRAME 6" X 8"',
  "JAM JAR",
  "KEY RACK",
  "LUNCH BAG",
  "NAPKINS, PACK OF 20",
  "NOTEBOOK",
  "OVEN GLOVE",
  "PENCIL CASE",
  "SALAD BOWL",
  "STORAGE JAR",
  "TEA TOWEL",
  "TOY BOAT",
  "UMBRELLA",
  "WALL CLOCK",
];
const PRICES = [19, 42, 55, 65, 85, 95, 125, 145, 165, 195, 210, 255, 295, 375, 425, 495, 595, 795, 995, 1275, 1495];

/** Invents articles, the best sellers first. Descriptions hold commas, quotes and an accent, as real ones do. */
export function catalogueOf(chance: Chance): Product[] {
  const descriptions = ARTICLES.flatMap((article) =>
    MOTIFS.map((motif) => `${chance.pick(COLOURS)} ${motif} ${article}`),
  );
  return chance.shuffled(descriptions).map((description, i) => ({
    stockCode: `${61_000 + 7 * i}${chance.happens(0.15) ? chance.pick(["A", "B", "S"]) : ""}`,
    description,
    pence: chance.pick(PRICES),
  }));
}
