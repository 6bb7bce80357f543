import { describeReliability } from "./reliability.js";

describeReliability({ kills: 3, lines: 6000, mutatedLines: 1000 });
