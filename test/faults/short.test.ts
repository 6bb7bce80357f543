import { describeReliability } from "./reliability.js";

describeReliability({ kills: 3, lines: 12_000, mutatedLines: 1000 });
