import { describeReliability } from "./reliability.js";

describeReliability({ kills: 50, lines: 60_000, mutatedLines: 10_000 });
