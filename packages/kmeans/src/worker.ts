/** A thread: is given a tree, then jobs, and answers each in turn. */
import { parentPort } from "node:worker_threads";
import { type Jobs, jobs } from "./jobs.js";
import type { KdTree } from "./kd_tree.js";

/** What the thread is sent. */
export type Message = { readonly tree: KdTree } | { readonly job: keyof Jobs; readonly input: unknown };

let tree: KdTree;

parentPort?.on("message", (message: Message) => {
  if ("tree" in message) tree = message.tree;
  else parentPort?.postMessage(jobs[message.job](tree, message.input as never));
});
