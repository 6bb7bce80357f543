export { type AskOptions, askOnce, askUntilAnswered, wordInterruption } from "./ask.js";
export {
  endJob,
  type FollowedJob,
  type FollowOptions,
  followJob,
  type JobView,
  oneLine,
  type StatusChange,
  secondsBetween,
} from "./follow_job.js";
