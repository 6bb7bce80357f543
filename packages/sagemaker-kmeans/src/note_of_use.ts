import type { AwsSession } from "@keyspaces-segmentation/aws-session";

/** Where, in the folder of a training job, it lies that a run which has not started the job has gone on with its model. */
export const noteOfUse = ({ run }: Pick<AwsSession, "run">): string => `input/used_by_${run ?? "unnamed"}.json`;

/** Whether a key, as it goes on behind the folder of a training job, is of such a note. */
export const isNoteOfUse = (key: string): boolean => /^input\/used_by_[^/]+\.json$/.test(key);
