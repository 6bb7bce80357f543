import { newFilter } from "./filter.js";
import type { KdTree } from "./kd_tree.js";
import { runStart, type Start, type Stop } from "./lloyd.js";

/** What a thread can be told to do with the rows of its tree. Inputs and results are plain data. */
export interface Jobs {
  start(tree: KdTree, input: { readonly k: number; readonly seed: number; readonly stop: Stop }): Start;
}

export const jobs: Jobs = {
  start: (tree, { k, seed, stop }) => runStart(newFilter(tree, k), k, seed, stop),
};
