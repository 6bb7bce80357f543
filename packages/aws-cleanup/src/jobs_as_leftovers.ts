import type { SparkJob } from "@keyspaces-segmentation/glue-features";
import type { MadeThing } from "@keyspaces-segmentation/sagemaker-kmeans";
import type { Costs } from "./costs.js";
import type { BucketPlace } from "./find_objects.js";
import { unseenOf } from "./prefix_of_key.js";
import type { Leftover } from "./rows.js";

/** What runs have made in SageMaker, with what it needs and is needed by. */
export function thingAsLeftover(
  thing: MadeThing,
  { made, place, costs }: { made: readonly MadeThing[]; place: BucketPlace; costs: Costs },
): Leftover {
  const { kind, name, run, owner, uses, neededBy } = thing;
  const modelUri = modelServed(thing, made);
  const isJob = kind === "training job" || kind === "transform job";
  return {
    run,
    owner,
    needed: neededBy && `it is needed by ${neededBy}`,
    unseen: modelUri && unseenOf(modelUri, place),
    id: `${kind} ${name}`,
    uses,
    what: `${kind} ${name}${isJob ? ", which is running" : ""}`,
    sign: isJob ? { at: "now", what: `${kind} ${name} is running` } : undefined,
    ...costs.made(thing),
    remove: async () => {
      await thing.remove();
      return isJob ? "stopped" : undefined;
    },
  };
}

/** The URI of the model that one is, or serves; undefined of jobs. */
function modelServed({ kind, uses }: MadeThing, made: readonly MadeThing[]): string | undefined {
  if (kind === "model") return uses[0];
  const served = made.filter((each) => uses.includes(`${each.kind} ${each.name}`));
  return served.flatMap((each) => modelServed(each, made) ?? [])[0];
}

/** While a run goes on, its job has to be there, and what the job runs. */
export const runsAsLeftovers = (jobs: readonly SparkJob[], { bucket, prefix }: BucketPlace, costs: Costs): Leftover[] =>
  jobs.flatMap(({ name, running }) =>
    running.map(({ id, run, owner, workerType, workers, stop }): Leftover => {
      const what = `run ${id} of the Glue job ${name}`;
      return {
        run,
        owner,
        needed: undefined,
        uses: [`Glue job ${name}`, `s3://${bucket}/${prefix}/jobs/`],
        what: `${what}, which is running`,
        sign: { at: "now", what: `${what} is running` },
        ...costs.glue({ workerType, workers }),
        remove: async () => {
          await stop();
          return "stopped";
        },
      };
    }),
  );

/** The job of Spark, of which there is one for all runs. */
export const jobAsLeftover = ({ name, remove }: SparkJob, costs: Costs): Leftover => ({
  run: undefined,
  owner: undefined,
  sign: undefined,
  needed: undefined,
  id: `Glue job ${name}`,
  what: `Glue job ${name}`,
  ...costs.nothing(),
  remove: async () => {
    await remove();
    return undefined;
  },
});
